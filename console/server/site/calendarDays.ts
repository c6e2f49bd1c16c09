import { Refusal } from '#api/errors'
import type { CalendarDay } from '#api/models/duties'
import { audit } from '../books/audit.ts'
import type { BooksReader } from '../books/books.ts'
import { writeHistory } from '../books/history.ts'
import { promise } from '../books/outbox.ts'
import type { Work } from '../books/unitOfWork.ts'
import { wordsIn } from '../books/words.ts'

/** Holidays and make-up workdays: they decide deadlines, duties and the centre's hours alike. */
export const daysIn = async (db: BooksReader): Promise<CalendarDay[]> => {
  const rows = await db.selectFrom('calendar_day').selectAll().orderBy('date').execute()
  return rows.map(r => ({ date: r.date, kind: r.kind, name: wordsIn(r.name_json) }))
}

export const daysOf = async (db: BooksReader, year: string): Promise<CalendarDay[]> =>
  (await daysIn(db)).filter(d => d.date.startsWith(`${year}-`))

export const setDays = async (work: Work, days: readonly CalendarDay[]): Promise<void> => {
  const dates = days.map(d => d.date)
  if (new Set(dates).size < dates.length) throw new Refusal('day-twice', 'days')
  for (const d of days) {
    const row = { kind: d.kind, name_json: JSON.stringify(d.name) }
    await work.tx
      .insertInto('calendar_day')
      .values({ date: d.date, ...row })
      .onConflict(c => c.column('date').doUpdateSet(row))
      .execute()
    await writeHistory(work, { record: `day/${d.date}`, verb: 'set', detail: row })
  }
  await promise(work, 'programme')
  await audit(work.tx, work.at, work.actor, 'calendar', dates[0] ?? '', { days: dates.length })
}

export const removeDay = async (work: Work, date: string): Promise<void> => {
  await work.tx.deleteFrom('calendar_day').where('date', '=', date).execute()
  await writeHistory(work, { record: `day/${date}`, verb: 'remove' })
  await promise(work, 'programme')
  await audit(work.tx, work.at, work.actor, 'calendar', date, { removed: true })
}
