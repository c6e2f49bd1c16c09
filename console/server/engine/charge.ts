import type { Text } from '#api/words/text'

/** Something that a tenant pays, as it stands now; integer fen. The month is that of the service, not of the bill. */
export type Charge = {
  id: string
  caseId: string
  number: string
  item: Text
  tenant: string | null
  place: string | null
  at: number
  /** Until when, where it lasted. */
  to: number | null
  month: string
  fen: number
  /** By what it was worked out: minutes and the price of an hour. */
  measured: { confirmedMinutes: number; billableMinutes: number; pricePerHourFen: number } | null
  note: Text | null
  /** There is evidence to look at. */
  proved: boolean
}
