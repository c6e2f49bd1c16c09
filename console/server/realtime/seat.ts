import type { Socket } from 'socket.io'
import type { Change, ClientEvents, ServerEvents, Snapshot, Values } from '#api/events'
import type { User } from '#api/models/people'
import type { PointRef } from '#contract/names'
import type { PointValue } from '#contract/quality'

export type LiveSocket = Socket<ClientEvents, ServerEvents>
export type SeatParts = {
  wall(): number
  mono(): number
  /** Undefined when by its turn nobody wants it any more. */
  snapshot(user: User, wanted: () => boolean): Promise<Omit<Snapshot, 'seq'> | undefined>
  valueOf(ref: PointRef): PointValue | undefined
  refsOf(device: string): PointRef[]
  readAt(device: string): number | undefined
}

/** Packets waiting in a slow browser's connection before values and snapshots are held back, and before it is given up. */
const slowPackets = 20
const lostPackets = 2000
const snapshotEveryMs = 1000
const watchEveryMs = 250
const maxRefs = 5000

const isWish = (refs: unknown): refs is string[] =>
  Array.isArray(refs) && refs.length <= maxRefs && refs.every(r => typeof r === 'string' && r.length <= 90)

/** One screen: what it has been told, and what it wishes to see. However often it asks, it costs no more than a screen. */
export class Seat {
  readonly user: User
  readonly token: string
  readonly #socket: LiveSocket
  readonly #o: SeatParts
  readonly #failed: (error: unknown) => void
  #seq = 0
  #refs = new Set<string>()
  #dirty = new Set<PointRef>()
  #wish: string[] | undefined
  #wishedAt = Number.NEGATIVE_INFINITY
  /** What is told while a snapshot is being read: that may be older, so it is told again after it. */
  #meanwhile: Change[] | undefined
  #snapshotAt = Number.NEGATIVE_INFINITY
  #owesSnapshot = false

  constructor(socket: LiveSocket, user: User, token: string, o: SeatParts, failed: (error: unknown) => void) {
    this.#socket = socket
    this.user = user
    this.token = token
    this.#o = o
    this.#failed = failed
  }

  /** At once; or with a later beat while one is being read, was just sent, or cannot be got rid of. */
  resync() {
    const tooSoon = this.#o.mono() - this.#snapshotAt < snapshotEveryMs || this.#waiting > slowPackets
    this.#owesSnapshot = this.#meanwhile !== undefined || tooSoon
    if (!this.#owesSnapshot) this.#sendSnapshot().catch(this.#failed)
  }

  async #sendSnapshot() {
    this.#meanwhile = []
    const body = await this.#o.snapshot(this.user, () => this.#socket.connected)
    const meanwhile = this.#meanwhile
    this.#meanwhile = undefined
    if (!body || !this.#socket.connected) return
    this.#snapshotAt = this.#o.mono()
    // What was asked for while it was being read, it answers.
    this.#owesSnapshot = false
    this.#socket.emit('snapshot', { ...body, seq: ++this.#seq })
    for (const change of meanwhile) this.#emit(change)
  }

  tell(change: Change) {
    this.#meanwhile?.push(change)
    this.#emit(change)
  }

  #emit(change: Change) {
    this.#socket.emit('change', ++this.#seq, change)
  }

  beat() {
    if (this.#waiting > lostPackets) return void this.#socket.disconnect(true)
    if (this.#owesSnapshot) this.resync()
    this.#socket.emit('beat', { wall: this.#o.wall(), seq: this.#seq })
  }

  watch(refs: unknown) {
    if (!isWish(refs)) return
    this.#wish = refs
    if (this.#o.mono() - this.#wishedAt >= watchEveryMs) this.sendValues()
  }

  touch(refs: readonly PointRef[]) {
    for (const ref of refs) if (this.#refs.has(ref) || this.#refs.has(`${ref.slice(0, ref.indexOf('/'))}/*`)) this.#dirty.add(ref)
  }

  sendValues() {
    this.#takeWish()
    if (this.#dirty.size === 0 || this.#waiting > slowPackets) return
    const rows: Values['rows'] = []
    const read: Values['read'] = {}
    for (const ref of this.#dirty) {
      const value = this.#o.valueOf(ref)
      if (value) rows.push([ref, value])
      const device = ref.slice(0, ref.indexOf('/'))
      read[device] ??= this.#o.readAt(device) ?? 0
    }
    this.#dirty.clear()
    this.#socket.emit('values', { wall: this.#o.wall(), rows, read })
  }

  #takeWish() {
    if (!this.#wish) return
    const wish = new Set(this.#wish)
    this.#wish = undefined
    this.#wishedAt = this.#o.mono()
    this.#refs = new Set([...wish].flatMap(r => (r.endsWith('/*') ? [r, ...this.#o.refsOf(r.slice(0, -2))] : [r])))
    this.#dirty = new Set([...this.#refs].filter(r => !r.endsWith('/*')))
  }

  leave() {
    this.#socket.emit('signed-out')
    this.#socket.disconnect(true)
  }

  get #waiting(): number {
    return (this.#socket.conn as unknown as { writeBuffer?: unknown[] }).writeBuffer?.length ?? 0
  }
}
