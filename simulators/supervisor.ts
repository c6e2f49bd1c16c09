import type { ChildProcess } from 'node:child_process'
import { startAnewCode } from '#program/runProgram'

const waits = { firstMs: 1000, longestMs: 30_000 }
/** What has lived for this long has not died of how it was started. */
const settledMs = 60_000

/** How long to wait before a program that died is started again: longer each time that it does not live. */
export const nextWait = (livedMs: number, lastMs: number | undefined, { firstMs, longestMs } = waits): number =>
  lastMs === undefined || livedMs >= settledMs ? firstMs : Math.min(2 * lastMs, longestMs)

type Ready = Record<string, unknown>
type Options = { fork(name: string): ChildProcess; say(text: string): void; waits?: typeof waits }

const gone = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null

/** Keeps programs running: one that dies is started again, and the others go on. */
export class Supervisor {
  readonly #o: Options
  readonly #children = new Map<string, ChildProcess>()
  #stopping = false

  constructor(o: Options) {
    this.#o = o
  }

  /** Resolves with what the program says when it is ready; one that never was is not started again, but reported. */
  start(name: string): Promise<Ready> {
    return new Promise((done, fail) => {
      this.#run(name, done, (how, code) => fail(Object.assign(new Error(`${name} ended with ${how}`), { exitCode: code || 1 })))
    })
  }

  #run(name: string, ready: (said: Ready) => void, failed?: (how: string, code: number | null) => void, lastWait?: number) {
    const startedAt = performance.now()
    const child = this.#o.fork(name)
    this.#children.set(name, child)
    let lives = failed === undefined
    child.once('message', said => {
      lives = true
      ready(said as Ready)
    })
    child.once('exit', (code, signal) => {
      if (this.#stopping) return
      const how = signal ?? `code ${code}`
      if (!lives) return failed?.(how, code)
      const again = code === startAnewCode
      const wait = again ? 0 : nextWait(performance.now() - startedAt, lastWait, this.#o.waits)
      this.#o.say(again ? `${name} starts anew` : `${name} ended with ${how}; it is started again in ${Math.ceil(wait / 1000)} s`)
      setTimeout(() => {
        if (!this.#stopping) this.#run(name, () => this.#o.say(`${name} is running again`), undefined, wait)
      }, wait)
    })
  }

  /** Last started, first stopped: nobody loses what it stands on before it has ended. */
  async stop(): Promise<void> {
    this.#stopping = true
    for (const child of [...this.#children.values()].reverse()) {
      if (gone(child)) continue
      const ended = new Promise(done => child.once('exit', done))
      child.kill('SIGTERM')
      await ended
    }
  }
}
