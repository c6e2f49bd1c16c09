import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

/**
 * A meter that is none of ours, served by Python's own library, so that what we understand of Modbus is not what we are tested by
 * (Debian: python3-pymodbus, python3-serial-asyncio).
 */
export class ForeignMeter {
  readonly #process: ChildProcess

  constructor(port: number, unit: number) {
    this.#process = spawn('/usr/bin/python3', [join(import.meta.dirname, 'foreignMeter.py'), String(port), String(unit)])
  }

  close(): Promise<void> {
    return new Promise(done => {
      if (this.#process.exitCode !== null) return done()
      this.#process.once('exit', () => done())
      this.#process.kill('SIGKILL')
    })
  }
}
