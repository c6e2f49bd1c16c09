import type { BooksReader } from '../../server/books/books.ts'
import type { Directory } from '../../server/site/directory.ts'
import { chargeOf, minutesOf } from './arithmetic/tariff.ts'
import { runsOf } from './charges.ts'
import { bookingsOf, eveningsOf, spanOf } from './evenings.ts'
import type { Row } from './segments.ts'

/** What of a zone and evening is confirmed so far, and what it would cost if it were stopped now (before it is shared with others). */
export const billNow = async (db: BooksReader, directory: Directory, row: Row, at: number) => {
  const evenings = await eveningsOf(db, directory, row.zone, { from: row.from_at, to: row.to_at })
  if (!evenings) return { minutes: 0, fen: 0 }
  const span = spanOf(evenings)
  const begun = (await bookingsOf(db, row, span)).filter(b => b.from < at).map(b => ({ ...b, to: Math.min(b.to, at) }))
  const runs = await runsOf(db, row.zone, span.from, span.to, at)
  const { counted, fen } = chargeOf(
    evenings,
    begun,
    begun.findIndex(b => b.id === row.id),
    runs,
  )
  return { minutes: minutesOf(counted), fen }
}
