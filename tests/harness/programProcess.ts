import { type ChildProcess, fork } from 'node:child_process'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { packageRoot } from '#program/environment'

type Said = { over?: boolean; clean?: boolean; ready?: string; users?: { password: string }[] }

/** Processes whose program has ended in order and left nothing behind, by the program's file: the next one of it starts there. */
const idle = new Map<string, ChildProcess[]>()
const host = join(packageRoot, 'tests/harness/programHost.mjs')
const startLimitMs = 90_000

/** Whether whoever has started it waits for its end; nobody waits for one that is idle. */
const holds = (child: ChildProcess, on: boolean) => {
  for (const x of [child, child.channel, child.stdout as Socket | null, child.stderr as Socket | null])
    if (on) x?.ref()
    else x?.unref()
}
const isGone = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null

/** A built program in a process of its own. */
export class ProgramProcess {
  readonly #child: ChildProcess
  readonly #over: Promise<void>
  #isOver = false
  #keeps: boolean

  private constructor(child: ChildProcess, o: { file: string; keeps: boolean; hear(text: Buffer): void }) {
    this.#child = child
    this.#keeps = o.keeps
    const streams = [child.stdout, child.stderr]
    for (const stream of streams) stream?.on('data', o.hear)
    this.#over = new Promise(done => {
      const over = () => {
        this.#isOver = true
        done()
      }
      const onMessage = (said: Said) => {
        if (!this.#keeps) {
          if (said.over) child.disconnect()
          return
        }
        if (said.over) over()
        if (!said.clean) return
        for (const stream of streams) stream?.off('data', o.hear)
        child.off('exit', over).off('message', onMessage)
        holds(child, false)
        idle.set(o.file, [...(idle.get(o.file) ?? []), child])
      }
      child.on('exit', over).on('message', onMessage)
    })
  }

  /** Starts it, and gives what it has told whoever started it. `keeps`: whether its process may be used again. */
  static async start(o: {
    name: string
    file: string
    env: NodeJS.ProcessEnv
    keeps: boolean
    hear(text: Buffer): void
    log(): string
  }): Promise<{ program: ProgramProcess; said: Said }> {
    const kept = o.keeps ? idle.get(o.file) : undefined
    let child = kept?.pop()
    while (child && isGone(child)) child = kept?.pop()
    if (child) holds(child, true)
    child ??= fork(host, [o.file], { env: o.env, execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
    const program = new ProgramProcess(child, o)
    const running = child
    const said = await new Promise<Said>((done, fail) => {
      const timer = setTimeout(
        () => settle(() => fail(new Error(`${o.name} was not ready in ${startLimitMs} ms\n${o.log()}`))),
        startLimitMs,
      )
      const settle = (act: () => void) => {
        clearTimeout(timer)
        running.off('message', onMessage)
        running.off('exit', onExit)
        act()
      }
      const onMessage = (message: Said) => message.ready && settle(() => done(message))
      const onExit = (code: number | null) => settle(() => fail(new Error(`${o.name} ended with ${code}\n${o.log()}`)))
      running.on('message', onMessage)
      running.once('exit', onExit)
      running.send({ run: o.env })
    })
    return { program, said }
  }

  get alive(): boolean {
    return !this.#isOver
  }

  /** Whoever asks for it does something to the process itself, so nothing else runs in it afterwards. */
  get pid(): number {
    this.#keeps = false
    return this.#child.pid ?? 0
  }

  /** Ends it in order, or at once as a power cut would. */
  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.#isOver) return
    if (signal === 'SIGTERM' && this.#keeps) this.#child.send({ stop: true })
    else this.#child.kill(signal)
    await this.#over
  }
}
