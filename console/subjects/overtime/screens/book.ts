import type { Booker, Caller } from '../../../web/src/kit/subjectScreens.ts'

/** The booking opens with what is known of the caller, for the next full hour. */
export const bookFor = (ui: Booker, { zones, contact, phone, company, answer }: Caller) => {
  const from = Math.ceil(ui.live.now / 3_600_000) * 3_600_000
  const priced = (id: string) => ui.building.site?.zones.find(z => z.id === id)?.pricePerHourFen !== null
  const zone = zones.find(priced) ?? zones[0] ?? ui.building.site?.zones.find(z => z.pricePerHourFen !== null)?.id ?? ''
  const known = contact === undefined ? {} : { contact, phone: phone ?? '' }
  ui.desk.book({ zone, from, to: from + 7_200_000, call: { company, answer }, ...known })
}
