import type { LinkReason } from '#contract/messages'

/** A request as it was sent: transaction id, unit, function and, for reads, how many bytes of data it asks for. */
export type Asked = { tid: number; unit: number; fn: number; bytes: number | undefined; at: number }
type Heard = { reason: LinkReason; code: number | null }

const headerBytes = 6
/** Unit, function and at most 252 bytes (Modbus application protocol V1.1b3, 4.1). */
const longestFrame = 254
/** Requests without an answer whose late one would be known. */
const remembered = 16

/**
 * Listens beside the driver, which only knows "timed out": names what really came, by the MBAP header (Modbus messaging on
 * TCP/IP V1.0b, 3.1.3). Hears late answers too: a unit that answers after its deadline lives. Pure over bytes and times.
 */
export class WireEar {
  #buffer: Buffer = Buffer.alloc(0)
  readonly #asked = new Map<number, Asked>()
  #current: Asked | undefined
  #heard: Heard | undefined
  #broken: LinkReason | undefined
  readonly #onLate: (unit: number, ms: number) => void

  constructor(onLate: (unit: number, ms: number) => void) {
    this.#onLate = onLate
  }

  asked(request: Asked) {
    this.#current = request
    this.#heard = undefined
    this.#asked.set(request.tid, request)
    const oldest = this.#asked.keys().next()
    if (this.#asked.size > remembered && !oldest.done) this.#asked.delete(oldest.value)
  }

  /** The request is over, answered or not: what comes for it from now on is late. */
  settled() {
    this.#current = undefined
  }

  /** False when the stream can no longer be cut into frames: TCP never resynchronises by itself (faults.md §0.4). */
  get inStep(): boolean {
    return this.#broken === undefined && this.#buffer.length === 0
  }

  /** What is wrong with what came for the current request; undefined when nothing was. */
  get complaint(): Heard | undefined {
    return this.#heard ?? (this.#broken ? { reason: this.#broken, code: null } : undefined)
  }

  /** Why no answer to the current request was understood until its deadline. */
  get verdict(): Heard {
    if (this.complaint) return this.complaint
    if (this.#buffer.length === 0) return { reason: 'no-answer', code: null }
    return { reason: this.#wholeButLonger() ? 'wrong-length' : 'garbage', code: null }
  }

  bytes(chunk: Buffer, at: number) {
    if (this.#broken) return
    this.#buffer = Buffer.concat([this.#buffer, chunk])
    while (this.#buffer.length >= 4) {
      if (this.#buffer.subarray(0, 4).toString('latin1') === 'HTTP') return this.#break('http')
      if (this.#buffer.readUInt16BE(2) !== 0) return this.#break('garbage')
      if (this.#buffer.length < headerBytes) return
      const length = this.#buffer.readUInt16BE(4)
      if (length < 2 || length > longestFrame) return this.#break('garbage')
      if (this.#buffer.length < headerBytes + length) return
      const frame = this.#buffer.subarray(headerBytes, headerBytes + length)
      const { tid } = this.#header()
      this.#buffer = this.#buffer.subarray(headerBytes + length)
      this.#frame(tid, frame, at)
    }
  }

  #header() {
    return { tid: this.#buffer.readUInt16BE(0) }
  }

  #break(reason: LinkReason) {
    this.#broken = reason
  }

  /** A frame whose header promises more than there is, although the whole answer has come. */
  #wholeButLonger(): boolean {
    const { bytes, tid } = this.#current ?? {}
    if (this.#buffer.length < headerBytes || this.#header().tid !== tid) return false
    return bytes !== undefined && this.#buffer.length >= headerBytes + 3 + bytes
  }

  #frame(tid: number, frame: Buffer, at: number) {
    const unit = frame[0] ?? 0
    const fn = frame[1] ?? 0
    const asked = this.#current
    if (asked?.tid !== tid) {
      const old = this.#asked.get(tid)
      if (old && old.unit === unit) {
        this.#asked.delete(tid)
        this.#onLate(unit, at - old.at)
      } else if (asked && !old) this.#heard ??= { reason: 'wrong-transaction', code: null }
      return
    }
    this.#asked.delete(tid)
    // The first answer decides, as it does for the driver; what comes after it in the same breath says nothing about it.
    this.#current = undefined
    if (unit !== asked.unit) this.#heard = { reason: 'wrong-unit', code: null }
    else if ((fn & 0x7f) !== asked.fn) this.#heard = { reason: 'wrong-function', code: null }
    else if (fn & 0x80) this.#heard = frame.length === 3 ? { reason: 'exception', code: frame[2] ?? 0 } : wrongLength
    else if (asked.bytes !== undefined && (frame[2] !== asked.bytes || frame.length !== 3 + asked.bytes))
      this.#heard = wrongLength
    else if (asked.bytes === undefined && frame.length !== 6) this.#heard = wrongLength
    else this.#heard = undefined
  }
}

const wrongLength: Heard = { reason: 'wrong-length', code: null }
