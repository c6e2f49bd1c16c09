import type { JournalBody, JournalOf } from '#contract/journal'
import { refOf, splitRef } from '#contract/names'
import { winner } from '#contract/priority'
import { isTrusted, type Scalar } from '#contract/quality'
import type { Agent } from './agent.ts'
import type { ModelDisk } from './disk.ts'
import type { LatchedDoc, Model } from './model.ts'
import type { Outer, Told } from './outer.ts'
import { lies } from './records.ts'

/** What a judge may look at; the disk as it stands before what is judged. */
type Scene = {
  readonly outer: Outer
  readonly model: Model
  readonly agent: Agent | undefined
  readonly disk: ModelDisk
  readonly wall: number
}

/** Before so long no write is repeated (the writer's shortest retry). */
const patienceMs = 2000

/** Judges at the moment itself what leaves for a device and what is written into the journal, from a start to a kill. */
export class Judge {
  readonly wrong: string[] = []
  readonly told = new Map<string, Told>()
  /** Reasons of refusals and failures, by command. */
  readonly reasons = new Map<string, string>()
  /** What was last said of each point without anybody's command. */
  readonly #said = new Map<string, string>()
  /** Points of which it was said that they are left to their fire input. */
  readonly withheldSaid = new Set<string>()

  /** Whoever comes back may be told anew. */
  anew(device: string) {
    for (const [ref, told] of this.told) if (ref.startsWith(device)) told.cause = ''
  }

  /** Invariant (b): no device ever sees a value that is not its winner at that moment, and none against its own fire input. */
  send(s: Scene, ref: string, value: Scalar) {
    const { outer, wall } = s
    const array = s.agent?.arrays.of(ref) ?? { holders: [], relinquishDefault: true }
    const holders = array.holders.filter(h => h.until === null || h.until > wall)
    const best = winner({ ...array, holders })
    const right = best ? best.value : array.relinquishDefault
    // A start writes before there is an agent to ask.
    if (s.agent && right !== value) this.wrong.push(`b-winner: ${ref} is sent ${value}, its winner is ${right}`)
    const [id] = splitRef(ref) as ['fan' | 'door', string]
    if (value !== false && outer[id]['fire_in'] && outer.link[id]) {
      const unread = s.model.fireIn[id] === true ? '' : ', which is not read yet'
      this.wrong.push(`b-fire-input: ${ref} is sent ${value} against its fire input${unread}`)
    }
    const cause = JSON.stringify([s.agent?.arrays.of(ref), outer.trouble[id], Object.keys(outer.issued)])
    this.told.set(ref, { value, at: wall, step: 'sent', stepAt: wall, cause, times: this.#times(ref, value, cause, wall) })
  }

  /** Invariant (k): what has been sent is not sent again at once while nothing has happened that asks for it. */
  #times(ref: string, value: Scalar, cause: string, wall: number): number {
    const last = this.told.get(ref)
    const same = last?.cause === cause && last.value === value && wall - last.at < patienceMs
    const times = same ? last.times + 1 : 1
    // Once more at once may be: what was refused when a device came back is tried again when it has been read.
    if (times > 2) this.wrong.push(`k-no-storm: ${ref} is sent ${value} ${times} times in a moment, and nothing has happened`)
    return times
  }

  record(s: Scene, r: JournalBody) {
    const lie = lies(r, s.model, s.wall) ?? (r.type === 'linkage' ? this.#relapse(s, r) : undefined)
    if (lie) this.wrong.push(lie)
    if (r.type === 'command') this.#command(s, r)
  }

  /** A feedback falls back and is restored by turns, each as it was read. */
  #relapse({ agent, disk, model }: Scene, r: JournalOf<'linkage'>): string | undefined {
    if (r.phase !== 'relapsed' && r.phase !== 'restored') return undefined
    const now = r.phase === 'relapsed'
    const l = model.latched[r.compartment]?.linkages.find(x => x.id === r.linkage)
    const back = l && agent?.image.get(refOf(l.device, l.feedback.point))
    const before = disk.read<LatchedDoc>('latched', r.compartment)?.measured[r.linkage]
    if (!l || !isTrusted(back) || (back.v === l.feedback.value) === now)
      return `records: ${r.linkage} ${r.phase}, which was not read`
    return before?.relapsed === now ? `records: ${r.linkage} ${r.phase} twice` : undefined
  }

  #command(s: Scene, { id, point, step, reason, level }: JournalOf<'command'>) {
    if (reason) this.reasons.set(id, reason)
    const byHand = s.outer.trouble[`${splitRef(point)[0]}-by-hand`] !== undefined
    if (reason === 'overwritten' && !byHand)
      this.wrong.push(`records: ${point} is said to be overwritten, and nobody has touched it`)
    // Of what nobody commanded a series of failures is one record, also one that lasts an hour.
    const said = `${step} ${reason ?? ''}`
    const own = s.outer.issued[id] === undefined
    if (own && step === 'failed' && this.#said.get(point) === said)
      this.wrong.push(`records: ${point} is said twice to have ${said}`)
    if (own) this.#said.set(point, said)
    if (reason === 'fire-input' && step !== 'refused') this.withheldSaid.add(point)
    const told = this.told.get(point)
    if (told) Object.assign(told, { step: said, stepAt: s.wall })
    // A hold that failed is not in the array; whether it may fail is judged by its reason.
    if (step === 'failed' && level === 8 && s.model.holds[point]?.id === id) delete s.model.holds[point]
  }
}
