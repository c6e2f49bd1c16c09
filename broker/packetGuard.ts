import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'

/**
 * Stands between the socket and the broker and measures every packet by its fixed header (MQTT 3.1.1, 2.2.3) before
 * the broker buffers it: aedes itself would hold an announced 256 MB, even before CONNECT (faults.md §5).
 */
export class PacketGuard extends Duplex {
  /** Largest whole packet in bytes; raised once the client is known. */
  limit: number
  readonly #socket: Socket
  #header: number[] = []
  #body = 0

  constructor(socket: Socket, limit: number) {
    super({ allowHalfOpen: false })
    this.limit = limit
    this.#socket = socket
    socket.on('data', chunk => {
      const trouble = this.#measure(chunk)
      if (trouble) return this.destroy(new Error(trouble))
      if (!this.push(chunk)) socket.pause()
    })
    socket.on('end', () => this.push(null))
    socket.on('close', () => this.destroy())
    socket.on('error', error => this.destroy(error))
  }

  #measure(chunk: Buffer): string | undefined {
    let i = 0
    while (i < chunk.length) {
      if (this.#body > 0) {
        const taken = Math.min(this.#body, chunk.length - i)
        this.#body -= taken
        i += taken
        continue
      }
      const byte = chunk[i++] ?? 0
      this.#header.push(byte)
      const lengthBytes = this.#header.length - 1
      if (lengthBytes === 0) continue
      if (byte >= 128) {
        if (lengthBytes >= 4) return 'malformed remaining length'
        continue
      }
      this.#body = this.#header.slice(1).reduce((sum, b, k) => sum + (b & 127) * 128 ** k, 0)
      const whole = this.#header.length + this.#body
      this.#header = []
      if (whole > this.limit) return `packet of ${whole} bytes is over the limit of ${this.limit}`
    }
    return undefined
  }

  override _read() {
    this.#socket.resume()
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void) {
    if (this.#socket.destroyed) return done(new Error('socket closed'))
    if (this.#socket.write(chunk)) done()
    else this.#socket.once('drain', done)
  }

  override _final(done: (error?: Error | null) => void) {
    this.#socket.end(() => done())
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void) {
    this.#socket.destroy()
    done(error)
  }
}
