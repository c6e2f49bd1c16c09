import type { Override } from '#api/models/overrides'
import { say } from '#api/words/text'
import { system } from '../../server/books/audit.ts'
import { tell } from '../../server/books/notices.ts'
import type { Desk } from '../../server/desk/desk.ts'
import { lastingOf } from './ledger.ts'
import { remindBefore } from './settings.ts'

type Ending = Override & { until: number; since: number }

/** What ends within this time, and was not made for so short a time from the beginning. */
const endingSoon = (all: readonly Override[], now: number, beforeMs: number): Ending[] =>
  all.filter(
    (o): o is Ending =>
      o.until !== null && o.since !== null && o.until > now && o.until - now <= beforeMs && o.until - o.since > beforeMs,
  )

/** Whoever has changed something is told once, so long before it ends by itself: that it does is no surprise to him. */
export const remindOfEnds = async (desk: Desk): Promise<void> => {
  const beforeMs = desk.rules.ms(remindBefore)
  if (beforeMs === null) return
  for (const o of endingSoon(lastingOf(desk), desk.wall(), beforeMs)) {
    if (o.byIds.length === 0) continue
    const told = await desk.books.read
      .selectFrom('notice')
      .select('id')
      .where('record', '=', o.ref)
      .where('kind', '=', 'ends-soon')
      .where('at', '>=', o.until - beforeMs)
      .executeTakeFirst()
    if (told) continue
    const { dateOf, clockOf } = desk.directory.calendar
    const day = dateOf(o.until) === dateOf(desk.wall()) ? '' : `${dateOf(o.until).slice(5)} `
    const text = say.overrides.endsSoon(o.name, o.now, `${day}${clockOf(o.until).slice(0, 5)}`)
    const to = o.byIds.map(id => `user:${id}` as const)
    await desk.unit(system, work => tell(work, { to, record: o.ref, kind: 'ends-soon', text }))
  }
}
