import type { HoldersView } from '#api/models/live'
import type { Booking } from '#api/models/money'
import type { SiteView } from '#api/models/site'
import type { Messages } from '#api/words/zh'
import { type Holder, level, winner } from '#contract/priority'
import type { PointValue } from '#contract/quality'
import { isGood, span } from '../state/format.ts'
import { fireText } from './fireText.ts'

export type ZoneLook = 'idle' | 'run' | 'decided' | 'hold' | 'starting' | 'unverified' | 'fire' | 'held'
export type ZoneState = {
  look: ZoneLook
  /** Reason first ... */
  why: string
  /** ... and the time left at the right edge (looks.md, principle 4). */
  left: string
  /** Share of the booking that has passed, 0-1. */
  passed: number | null
  /** Somebody will start it: a due mark. */
  due: boolean
}

type Look = {
  zone: SiteView['zones'][number]
  running: PointValue | undefined
  holders: HoldersView | undefined
  feeder: { name: string; running: PointValue | undefined; holders: HoldersView | undefined } | undefined
  compartment: string | undefined
  linkReason: string | undefined
  bookings: readonly Booking[]
  now: number
  t: Messages
  clock: (at: number) => string
  word: (w: { zh: string; en: string }) => string
  tenant: (id: string) => string
}

const until = (h: Holder, o: Look) => (h.until === null ? '' : `${o.t.gap}${o.t.time.until(o.clock(h.until))}`)
const dayMs = 86_400_000
/** Beyond a day the time left says nothing to somebody who is on duty now. */
const left = (h: Holder, o: Look) => (h.until === null || h.until - o.now > dayMs ? '' : span(h.until - o.now, o.t))

const reasonOf = (h: Holder, o: Look): string => {
  const cause = h.causes.map(c => o.word(c.what)).join(o.t.marks.list)
  if (h.level === level.operator) return `${o.t.overview.manual}${until(h, o)} · ${cause}`
  if (h.level === level.overtime) {
    const booking = o.bookings.find(b => h.causes.some(c => c.id === b.id))
    return `${o.t.overview.overtime}${until(h, o)} · ${booking ? o.tenant(booking.tenant) : cause}`
  }
  if (h.value === true && h.causes.some(c => c.id === 'always-on')) return o.t.overview.always
  return h.value === true ? `${o.t.overview.centre}${until(h, o)}` : o.t.overview.night
}

/** What one zone's tile says: its look, the reason in one sentence, and the time that is left. Pure. */
export const zoneState = (o: Look): ZoneState => {
  const feedback = o.running
  const best = o.holders ? winner(o.holders.array) : undefined
  const wanted = best?.value === true
  const plain = { passed: null, due: false }
  if (!isGood(feedback)) {
    const why = o.linkReason ?? o.t.quality.none
    return {
      look: 'unverified',
      why: o.t.overview.unverifiedWhy(why),
      left: feedback ? span(o.now - feedback.t, o.t) : '',
      ...plain,
    }
  }
  const running = feedback?.v === true
  const feederBest = o.feeder?.holders && winner(o.feeder.holders.array)
  const burning = feederBest?.causes.some(c => c.id === o.compartment) ?? false
  if (wanted && feederBest?.level === level.fire)
    return { look: burning ? 'fire' : 'held', why: fireText(feederBest, o.feeder?.running, o.t), left: '', ...plain }
  // What feeds it says that its own fire input is active, and is left alone.
  const withheld = o.feeder?.holders?.withheld ?? o.holders?.withheld
  if (wanted && withheld && !running) return { look: 'held', why: o.t.hold.withheld[withheld], left: '', ...plain }
  if (best && wanted) {
    if (!running)
      return {
        look: 'starting',
        why: `${o.t.overview.waitingFor(o.t.overview.feedback)} · ${reasonOf(best, o)}`,
        left: left(best, o),
        ...plain,
      }
    if (o.feeder && !isGood(o.feeder.running))
      return {
        look: 'unverified',
        why: o.t.overview.unverifiedWhy(`${o.feeder.name} · ${reasonOf(best, o)}`),
        left: left(best, o),
        ...plain,
      }
    if (o.feeder && o.feeder.running?.v !== true)
      return {
        look: 'starting',
        why: `${o.t.overview.waitingFor(` ${o.feeder.name}`)} · ${reasonOf(best, o)}`,
        left: left(best, o),
        ...plain,
      }
    const passed = best.until === null ? null : Math.min(1, Math.max(0, (o.now - best.since) / (best.until - best.since)))
    const look = best.level === level.operator ? 'hold' : best.level === level.overtime ? 'decided' : 'run'
    return { look, why: reasonOf(best, o), left: left(best, o), passed: look === 'run' ? null : passed, due: false }
  }
  if (best && best.level === level.operator) return { look: 'hold', why: reasonOf(best, o), left: left(best, o), ...plain }
  if (running) return { look: 'run', why: o.t.overview.wantedOff, left: '', ...plain }
  const next = o.bookings.find(b => b.from > o.now && (b.state === 'signed' || b.state === 'accepted' || b.state === 'quoted'))
  if (next) {
    const who = o.tenant(next.tenant)
    return next.state === 'signed'
      ? {
          look: 'idle',
          why: o.t.overview.startsAt(o.clock(next.from), who),
          left: o.t.time.after(span(next.from - o.now, o.t)),
          passed: null,
          due: true,
        }
      : {
          look: 'idle',
          why: o.t.overview.unsigned(o.clock(next.from), who),
          left: o.t.overview.notSigned,
          passed: null,
          due: true,
        }
  }
  return { look: 'idle', why: best ? reasonOf(best, o) : o.t.overview.idle, left: '', ...plain }
}
