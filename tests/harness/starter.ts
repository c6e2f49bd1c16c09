import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packageRoot } from '#program/environment'
import { freePorts } from './stack.ts'

const demo = join(packageRoot, 'simulators/sites/demo.yaml')
const startLimitMs = 180_000

/** What `npm start` starts, as built, on free ports with data of its own. */
export class Starter {
  readonly url: string
  readonly simUrl: string
  readonly #child: ChildProcess
  /** Its data folder. */
  readonly data: string

  /** What it has told whoever started it. */
  readonly said: () => string

  private constructor(child: ChildProcess, data: string, url: string, simUrl: string, said: () => string) {
    this.said = said
    this.#child = child
    this.data = data
    this.url = url
    this.simUrl = simUrl
  }

  /** On the demo site, or on another one. */
  static async start(options: readonly string[], site = demo): Promise<Starter> {
    const buses = [...new Set([...readFileSync(site, 'utf8').matchAll(/port: env:([A-Z0-9_]+)/g)].map(m => m[1] as string))]
    const own = ['HTTP', 'MQTT', 'FIELD_MQTT', 'FIELD_BROKER', 'SIM', 'EDGE', 'BROKER'].map(n => `ZHIBAN_${n}_PORT`)
    const ports = await freePorts(own.length + buses.length)
    const env = Object.fromEntries([...own, ...buses].map((name, i) => [name, String(ports[i])]))
    const data = mkdtempSync(join(tmpdir(), 'zhiban-starter-'))
    const child = spawn(process.execPath, [join(packageRoot, 'dist/simulators/start.js'), ...options], {
      env: { ...process.env, ...env, ZHIBAN_DATA: data, ZHIBAN_SITE: site },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    const url = await new Promise<string>((done, fail) => {
      const timer = setTimeout(() => fail(new Error(`the starter was not ready in ${startLimitMs} ms\n${said}`)), startLimitMs)
      const hear = (text: Buffer) => {
        said = (said + text.toString('utf8')).slice(-20_000)
        const ready = /ready (http:\S+)/.exec(said)?.[1]
        if (!ready) return
        clearTimeout(timer)
        done(ready)
      }
      child.stdout.on('data', hear)
      child.stderr.on('data', hear)
      child.once('exit', code => fail(new Error(`the starter ended with ${code}\n${said}`)))
    })
    return new Starter(child, data, url, `http://127.0.0.1:${env['ZHIBAN_SIM_PORT']}`, () => said)
  }

  /** A point as physics has it, at the simulated device itself. */
  async point(device: string, key: string): Promise<unknown> {
    const { points } = (await (await fetch(`${this.simUrl}/devices/${device}`)).json()) as {
      points: { key: string; value: unknown }[]
    }
    return points.find(p => p.key === key)?.value
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null) {
      const gone = new Promise(done => this.#child.once('exit', done))
      this.#child.kill('SIGTERM')
      await gone
    }
    rmSync(this.data, { recursive: true, force: true })
  }
}
