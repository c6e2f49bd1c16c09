import { refOf } from '#contract/names'
import { type Holder, level } from '#contract/priority'
import type { Scalar } from '#contract/quality'
import { type Compartment, type Linkage, linkagesOf } from '#contract/site'
import type { Measured } from '../../edge-agent/control/linkageWatch.ts'
import type { ModelDisk } from './disk.ts'
import { tinySite, type Variant, windowMs } from './site.ts'

type Held = { ref: string; value: Scalar; rank: number | undefined }
export type Latch = {
  at: number
  /** What has been asked of the points since the trigger; only a release ends it, whatever the site file has become. */
  held: Held[]
  linkages: readonly Linkage[]
  /** When each start signal was seen (wall). */
  signal: Record<string, number>
}
export type LatchedDoc = { at: number; measured: Record<string, Measured>; linkages: readonly Linkage[] }
export type Hold = { id: string; value: Scalar; until: number }
type Trust = 'unread' | 'good' | 'uncertain' | 'stale'
type Bits = Readonly<Record<string, boolean>>

/**
 * What must be so, told once more in other words and much more simply than the shipped classes do: who is latched, under test,
 * remembered as a witness, and who holds which point. The explorer holds the two against each other after every event.
 */
export class Model {
  variant: Variant
  witness: Record<string, Record<string, number | null>> = {}
  latched: Record<string, Latch> = {}
  tests: Record<string, number> = {}
  holds: Record<string, Hold> = {}
  trip = false
  fireIn: Record<string, boolean> = {}
  panel: { bits: Bits; trust: Trust } = { bits: {}, trust: 'unread' }
  handed: Record<string, { at: number; value: Scalar; shown: boolean }> = {}

  constructor(variant: Variant) {
    this.variant = variant
  }

  get compartments(): readonly Compartment[] {
    return tinySite(this.variant).compartments
  }

  known(id: string): Compartment | undefined {
    return this.compartments.find(c => c.id === id)
  }

  /** After a kill nothing is known but what the disk says. */
  static of(disk: ModelDisk, variant: Variant): Model {
    const m = new Model(variant)
    const holders = disk.bucket<Holder[]>('holder')
    for (const [id, body] of disk.bucket<Record<string, number | null>>('witness')) m.witness[id] = { ...body }
    for (const [id, { until }] of disk.bucket<{ until: number }>('test')) m.tests[id] = until
    for (const [ref, levels] of holders)
      for (const h of levels) {
        if (h.level === level.protection) m.trip = true
        if (h.level === level.operator) m.holds[ref] = { id: h.causes[0]?.id ?? '', value: h.value, until: h.until ?? 0 }
      }
    for (const [id, { at, linkages, measured }] of disk.bucket<LatchedDoc>('latched')) {
      const latch: Latch = { at, held: [], linkages, signal: {} }
      for (const [l, { startedMs }] of Object.entries(measured)) if (startedMs !== null) latch.signal[l] = at + startedMs
      for (const [ref, levels] of holders)
        for (const h of levels)
          for (const c of h.level === level.fire ? h.causes : [])
            if (c.id === id) latch.held.push({ ref, value: c.value ?? null, rank: c.rank })
      m.latched[id] = latch
      const c = m.known(id)
      if (!c) continue
      latch.linkages = linkagesOf(tinySite(variant), c)
      for (const l of latch.linkages) if (measured[l.id] === undefined) hold(latch, l)
    }
    return m
  }

  /** The rule of design §4: so many independent detectors, neither shielded nor faulty, in alarm or within the window. */
  look(wall: number, only?: string) {
    const { bits, trust } = this.panel
    const seen = trust === 'good' || trust === 'uncertain'
    for (const c of this.compartments) {
      if (only !== undefined && c.id !== only) continue
      const known = this.witness[c.id] ?? {}
      for (const w of c.witnesses) {
        const stem = w.replace('_fire', '')
        if (seen && (bits[`${stem}_fault`] || bits[`${stem}_shield`])) delete known[w]
        else if (seen && bits[w]) known[w] = null
        else if (seen && known[w] === null) known[w] = wall
        const at = known[w]
        if (typeof at === 'number' && wall - at > windowMs) delete known[w]
      }
      this.witness[c.id] = known
      if (Object.keys(known).length >= c.rule.independent && !this.latched[c.id] && this.tests[c.id] === undefined)
        this.trigger(c, wall)
    }
  }

  trigger(c: Compartment, wall: number) {
    const latch: Latch = { at: wall, held: [], linkages: linkagesOf(tinySite(this.variant), c), signal: {} }
    for (const l of latch.linkages) hold(latch, l)
    delete this.tests[c.id]
    this.latched[c.id] = latch
  }

  release(id: string) {
    delete this.latched[id]
    const known = this.witness[id] ?? {}
    for (const [w, at] of Object.entries(known)) if (at !== null) delete known[w]
  }

  /** Tests whose end has come end, and what stands then is a fire. */
  step(wall: number) {
    for (const [id, until] of Object.entries(this.tests)) {
      if (until > wall) continue
      delete this.tests[id]
      if (this.known(id)) this.look(wall, id)
    }
    for (const [ref, h] of Object.entries(this.holds)) if (h.until <= wall) delete this.holds[ref]
  }

  /** A device has said by itself, or by its reply, that it has the command; it was given `givenAt`. */
  signal(ref: string, value: Scalar, wall: number, givenAt: number) {
    for (const latch of Object.values(this.latched).filter(l => givenAt === -Infinity || l.at <= givenAt))
      for (const l of latch.linkages)
        if (l.by === 'agent' && refOf(l.device, l.point) === ref && l.value === value) latch.signal[l.id] ??= wall
  }

  /** The value that a point must have now. */
  winner(ref: string): Scalar {
    const causes = Object.values(this.latched).flatMap(l => l.held.filter(h => h.ref === ref))
    const best = causes.toSorted((a, b) => (a.rank ?? 99) - (b.rank ?? 99))[0]
    if (best) return best.value
    if (ref === 'fan/run' && this.trip) return false
    return this.holds[ref]?.value ?? true
  }
}

const hold = (latch: Latch, l: Linkage) => {
  if (l.by === 'agent') latch.held.push({ ref: refOf(l.device, l.point), value: l.value, rank: l.rank })
}
