import type { CaseFull, Telling } from '#api/models/cases'
import type { Messages } from '#api/words/zh'
import type { Format } from '../state/format.ts'

type Told = Telling['posts'][number]['people'][number]

/** Somebody with whether he has seen it; who had no screen and has seen nothing has not been told. */
export const personTold =
  (t: Messages, f: Pick<Format, 'seconds'>) =>
  (p: Told): string =>
    `${p.name}${t.marks.aside(p.seenAt !== null ? t.emergency.seenAt(f.seconds(p.seenAt)) : p.onScreen ? t.emergency.unseen : t.emergency.noScreen)}`

/**
 * What the record says of an overdue step: that it was escalated only beside the names of those whom it has reached. A line
 * from before names nobody, so it says nothing of it.
 */
export const escalation = (told: CaseFull['told'], notice: unknown, t: Messages, f: Pick<Format, 'seconds'>): string => {
  const mine = told.find(x => x.notice === notice)
  if (!mine) return ''
  const people = [...new Map(mine.posts.flatMap(p => p.people).map(p => [p.name, p])).values()]
  const reached = people.filter(p => p.onScreen || p.seenAt !== null)
  const names = reached.map(personTold(t, f)).join(t.marks.list)
  return reached.length > 0 ? t.emergency.escalated(names) : t.emergency.toldNobody
}
