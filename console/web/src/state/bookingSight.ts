import { type BookingPhase, bookingPhase, type Chain, chainOf, readBackOf, type Sight } from '#api/bookingPhase'
import type { Booking } from '#api/models/money'
import type { SiteView } from '#api/models/site'
import type { Text } from '#api/words/text'
import type { Messages } from '#api/words/zh'
import type { PointRef } from '#contract/names'

/** What of the screens' shared state this asks for. */
type Screen = {
  building: { site: Pick<SiteView, 'zones' | 'devices'> | null }
  live: {
    now: number
    value: Sight['value']
    holders: { get(ref: PointRef): ReturnType<Sight['holders']> }
    linkOf: Sight['link']
  }
  t: Messages
  word(said: Text): string
}

const chainFor = (ui: Screen, zone: string): Chain => {
  const controller = ui.building.site?.zones.find(z => z.id === zone)?.controller
  return controller ? chainOf(controller, ui.building.site?.devices ?? []) : []
}

/** The read-backs that say whether these zones run. */
export const refsOf = (ui: Screen, zones: readonly string[]): PointRef[] => [
  ...new Set(zones.flatMap(z => chainFor(ui, z).map(c => c.feedback))),
]

/** How a booking goes as this screen may say it, and what stands between it and its air. */
export const sightOf = (
  ui: Screen,
  b: Omit<Booking, 'id' | 'caseId' | 'number' | 'tenant' | 'fen'>,
): { phase: BookingPhase; why: string } => {
  const { live, t } = ui
  const begun = live.now >= b.from && (b.state === 'signed' || b.state === 'stopping')
  if (!begun) return { phase: bookingPhase(b, false, live.now), why: '' }
  const readBack = readBackOf(chainFor(ui, b.zone), {
    value: ref => live.value(ref),
    holders: ref => live.holders.get(ref),
    link: device => live.linkOf(device),
  })
  const phase = bookingPhase(b, readBack.running, live.now)
  if (readBack.running || phase === 'stopping') return { phase, why: '' }
  const device = readBack.device ? ui.word(readBack.device) : ''
  return { phase, why: `${device} ${t.overtime.whyNot[readBack.why] ?? readBack.why}`.trim() }
}
