import { createHash } from 'node:crypto'
import { inAll, say } from '#api/words/text'
import { clockOfMinute } from '#contract/clockText'
import type { Programme } from '#contract/programme'
import type { BooksReader } from '../../books/books.ts'
import { wordsIn } from '../../books/words.ts'
import type { Around } from '../../engine/chapter.ts'

const aheadMs = 35 * 86_400_000
/** So long what is signed stays in it although its end has passed, unless it is finished: clocks are put right again. */
const passedMs = 12 * 3_600_000

/** What the agents shall run alone for 35 days: centre hours, exception days and what people have signed for (design §3). */
export const programmeDocument = async (
  db: BooksReader,
  { directory, manual }: Pick<Around, 'directory' | 'manual'>,
  at: number,
): Promise<Omit<Programme, 'revision' | 'madeAt'>> => {
  const { site, centre } = directory
  const [days, bookings] = await Promise.all([
    db.selectFrom('calendar_day').selectAll().orderBy('date').execute(),
    manual.entitles({ db, directory, from: at - passedMs, to: at + aheadMs }),
  ])
  const everyDay = [0, 1, 2, 3, 4, 5, 6, 7]
  const centreDays = site.centreHours.weekend === 'centre' ? [1, 2, 3, 4, 5, 6, 7] : [1, 2, 3, 4, 5]
  const byHours = site.zones.map(z => z.id).filter(id => !site.alwaysOn.includes(id))
  const hours = `${clockOfMinute(centre.from)}–${clockOfMinute(centre.to)}`
  const weekly: Programme['weekly'] = []
  if (byHours.length > 0)
    weekly.push({
      id: 'centre-hours',
      what: inAll(say.desk.centreHours(hours)),
      zones: byHours,
      days: centreDays,
      ...centre,
      preStartMin: site.centreHours.preStartMin,
    })
  if (site.alwaysOn.length > 0)
    weekly.push({
      id: 'always-on',
      what: inAll(say.desk.alwaysOn),
      zones: site.alwaysOn,
      days: everyDay,
      from: 0,
      to: 1440,
      preStartMin: 0,
    })
  return {
    timeZone: site.timeZone,
    weekly,
    exceptions: days.map(d => ({ date: d.date, kind: d.kind, what: wordsIn(d.name_json) })),
    bookings,
  }
}

export const hashOf = (document: unknown): string => createHash('sha256').update(JSON.stringify(document)).digest('hex')
