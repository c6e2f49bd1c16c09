import type { Socket } from 'socket.io'
import type { Change, ClientEvents, News, ServerEvents, Snapshot } from '#api/events'
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

/** Packets waiting in a slow browser's connection before it is told nothing more: what is new is collected for it. */
const slowPackets = 20
/** A browser for which so much is collected is given up: a snapshot costs it less. */
const lostChanges = 2000
const snapshotEveryMs = 1000
/** The longest silence; with the ticks by which `send` is called it makes a second. */
const silenceMs = 900
const watchEveryMs = 250
const maxRefs = 5000
/** A page says every half minute that it sounds; two of these may be late. */
const soundMs = 75_000

const deviceOf = (ref: string) => ref.slice(0, ref.indexOf('/'))

const isWish = (refs: unknown): refs is string[] =>
  Array.isArray(refs) && refs.length <= maxRefs && refs.every(r => typeof r === 'string' && r.length <= 90)

/** One screen: what it has been told, and what it wishes to see. However often it asks, it costs no more than a screen. */
export class Seat {
  user: User
  readonly token: string
  readonly #socket: LiveSocket
  readonly #o: SeatParts
  readonly #failed: (error: unknown) => void
  #seq = 0
  #sentAt = Number.NEGATIVE_INFINITY
  #changes: Change[] = []
  #refs = new Set<string>()
  #dirty = new Set<PointRef>()
  /** Devices of what it watches, and which reading of each it knows. */
  #readAt = new Map<string, number>()
  #wish: string[] | undefined
  #wishedAt = Number.NEGATIVE_INFINITY
  /** What is told while a snapshot is being read: that may be older, so it is told again after it. */
  #meanwhile: Change[] | undefined
  #snapshotAt = Number.NEGATIVE_INFINITY
  #owesSnapshot = false
  #soundAt = Number.NEGATIVE_INFINITY

  noteSound(on: boolean) {
    this.#soundAt = on ? this.#o.mono() : Number.NEGATIVE_INFINITY
  }

  /** Alarms are heard there, as far as it has said so lately. */
  get sounds(): boolean {
    return this.#o.mono() - this.#soundAt < soundMs
  }

  constructor(socket: LiveSocket, user: User, token: string, o: SeatParts, failed: (error: unknown) => void) {
    this.#socket = socket
    this.user = user
    this.token = token
    this.#o = o
    this.#failed = failed
  }

  /** At once; or later while one is being read, was just sent, or cannot be got rid of. */
  resync() {
    const tooSoon = this.#o.mono() - this.#snapshotAt < snapshotEveryMs || this.#waiting > slowPackets
    this.#owesSnapshot = this.#meanwhile !== undefined || tooSoon
    if (!this.#owesSnapshot) this.#sendSnapshot().catch(this.#failed)
  }

  async #sendSnapshot() {
    // What waits to be told too: not all of it stands in a snapshot.
    this.#meanwhile = [...this.#changes]
    const body = await this.#o.snapshot(this.user, () => this.#socket.connected)
    const meanwhile = this.#meanwhile
    this.#meanwhile = undefined
    if (!body || !this.#socket.connected) return
    this.#snapshotAt = this.#o.mono()
    // What was asked for while it was being read, it answers.
    this.#owesSnapshot = false
    this.#socket.emit('snapshot', { ...body, seq: ++this.#seq })
    this.#changes = meanwhile
    if (meanwhile.length > 0) this.send()
  }

  /** It goes with the next `send`. */
  tell(change: Change) {
    this.#meanwhile?.push(change)
    this.#changes.push(change)
  }

  touch(refs: readonly PointRef[]) {
    for (const ref of refs) if (this.#refs.has(ref) || this.#refs.has(`${deviceOf(ref)}/*`)) this.#dirty.add(ref)
  }

  watch(refs: unknown) {
    if (!isWish(refs)) return
    this.#wish = refs
    if (this.#o.mono() - this.#wishedAt >= watchEveryMs) this.send()
  }

  /** All that is new in one message; none when nothing is and the last one is not a second old. Called a few times a second. */
  send() {
    const slow = this.#waiting > slowPackets
    if (slow && this.#changes.length > lostChanges) return void this.#socket.disconnect(true)
    if (this.#owesSnapshot) this.resync()
    this.#takeWish()
    const silent = this.#o.mono() - this.#sentAt >= silenceMs
    if (slow || (this.#changes.length === 0 && this.#dirty.size === 0 && !silent)) return
    this.#sentAt = this.#o.mono()
    const values = [...this.#dirty].flatMap((ref): NonNullable<News['values']> => {
      const value = this.#o.valueOf(ref)
      return value ? [[ref, value]] : []
    })
    const read = this.#newReadings()
    const news: News = { seq: ++this.#seq, wall: this.#o.wall() }
    if (this.#changes.length > 0) news.changes = this.#changes
    if (values.length > 0) news.values = values
    if (read.length > 0) news.read = Object.fromEntries(read)
    this.#changes = []
    this.#dirty.clear()
    this.#socket.emit('news', news)
  }

  #newReadings(): [string, number][] {
    const read: [string, number][] = []
    for (const [device, known] of this.#readAt) {
      const at = this.#o.readAt(device)
      if (at !== undefined && at !== known) read.push([device, at])
    }
    for (const [device, at] of read) this.#readAt.set(device, at)
    return read
  }

  #takeWish() {
    if (!this.#wish) return
    const wish = new Set(this.#wish)
    this.#wish = undefined
    this.#wishedAt = this.#o.mono()
    this.#refs = new Set([...wish].flatMap(r => (r.endsWith('/*') ? [r, ...this.#o.refsOf(deviceOf(r))] : [r])))
    this.#dirty = new Set([...this.#refs].filter(r => !r.endsWith('/*')))
    this.#readAt = new Map([...this.#refs].map(r => [deviceOf(r), 0]))
  }

  leave() {
    this.#socket.emit('signed-out')
    this.#socket.disconnect(true)
  }

  get #waiting(): number {
    return (this.#socket.conn as unknown as { writeBuffer?: unknown[] }).writeBuffer?.length ?? 0
  }
}
