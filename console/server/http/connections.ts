import type { IncomingMessage } from 'node:http'

/** What this asks of a connection: where it comes from, and to go. */
type Line = { readonly remoteAddress?: string | undefined; destroy(): unknown; once(event: 'close', act: () => void): unknown }
type Held = { line: Line; address: string; request: IncomingMessage | undefined; upgraded: boolean }

export const connectionLimits = { perAddress: 500, altogether: 2000 }

/**
 * Every address has its share of the connections. Whoever comes when it is used up takes the place of the oldest one that
 * waits: half-sent requests and idle lines go, those that are being served stay, and a new request gets through.
 */
export class Connections {
  readonly #limits: typeof connectionLimits
  readonly #of = new Map<Line, Held>()
  readonly #byAddress = new Map<string, Set<Held>>()
  refused = 0

  constructor(limits = connectionLimits) {
    this.#limits = limits
  }

  get size() {
    return this.#of.size
  }

  /** False when there was no room: then the line is closed already. */
  admit(line: Line): boolean {
    const held: Held = { line, address: line.remoteAddress ?? '', request: undefined, upgraded: false }
    const mine = this.#byAddress.get(held.address) ?? new Set()
    const crowd = mine.size >= this.#limits.perAddress ? mine : this.size >= this.#limits.altogether ? this.#largest() : undefined
    if (crowd) {
      const victim = [...crowd].find(waits)
      this.refused++
      if (victim) this.#drop(victim)
      ;(victim?.line ?? line).destroy()
      if (!victim) return false
    }
    this.#byAddress.set(held.address, mine.add(held))
    this.#of.set(line, held)
    line.once('close', () => this.#drop(held))
    return true
  }

  /** A request has begun on it, or the last one is answered. */
  serves(line: Line, request: IncomingMessage | undefined) {
    const held = this.#of.get(line)
    if (held) held.request = request
  }

  /** It is a live connection from now on. */
  upgraded(line: Line) {
    const held = this.#of.get(line)
    if (held) held.upgraded = true
  }

  closeAll() {
    for (const line of this.#of.keys()) line.destroy()
  }

  #largest(): Set<Held> {
    return [...this.#byAddress.values()].reduce((most, s) => (s.size > most.size ? s : most))
  }

  #drop(held: Held) {
    this.#of.delete(held.line)
    const mine = this.#byAddress.get(held.address)
    mine?.delete(held)
    if (mine?.size === 0) this.#byAddress.delete(held.address)
  }
}

const waits = (held: Held) => !held.upgraded && held.request?.complete !== true
