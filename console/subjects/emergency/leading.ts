import { hasRole, mayDo, type Role } from '#api/rights'
import type { BooksReader } from '../../server/books/books.ts'
import { accountsIn, isSame, rolesOf, writtenName } from '../../server/books/persons.ts'
import type { Manual } from '../../server/engine/chapter.ts'

/** Whoever has a screen of this console before him now, by the id of his account. */
export type Present = () => ReadonlySet<string>

type Person = { id: string; display: string; post: string; roles: readonly Role[] }
/** No shift is longer than that. */
const longestShiftMs = 24 * 3_600_000
const leads: readonly Role[] = ['operator', 'supervisor']
/** Who stands in for the lead where the shift has none. */
const standIns: readonly Role[] = [...leads, 'manager', 'general-manager']

export const staffOf = async (db: BooksReader): Promise<Person[]> => {
  const rows = await accountsIn(db).where('user_account.active', '=', 1).orderBy('display').execute()
  return rows.map(r => ({ id: r.id, display: writtenName(r), post: r.post, roles: rolesOf(r) }))
}

const supervisorsHere = (staff: readonly Person[], present: ReadonlySet<string>) =>
  staff.filter(p => p.roles.includes('supervisor') && present.has(p.id))

/** Who has taken a shift over of late, the last one first. */
export const takersOf = (db: BooksReader, at: number, manual: Manual) => manual.tookOver(db, at - longestShiftMs)

/** Who took the last shift over; where nobody has signed for one, the supervisors who are at a screen. Pure. */
export const leadsOf = (
  takers: Awaited<ReturnType<typeof takersOf>>,
  staff: readonly Person[],
  present: ReadonlySet<string>,
): Person[] => {
  for (const over of takers) {
    const taker = staff.find(p => isSame(p, { id: over.byId, name: over.by }) && p.roles.some(r => leads.includes(r)))
    if (taker) return [taker]
  }
  return supervisorsHere(staff, present)
}

/** Whoever leads here and now: who took the shift over and is at a screen, else the supervisors who are. Who has gone home stops nobody. */
export const leadsNow = async (db: BooksReader, at: number, manual: Manual, present: ReadonlySet<string>): Promise<Person[]> => {
  const [staff, takers] = await Promise.all([staffOf(db), takersOf(db, at, manual)])
  const leading = leadsOf(takers, staff, present).filter(p => present.has(p.id))
  return leading.length > 0 ? leading : supervisorsHere(staff, present)
}

/** As what somebody answers for a step: as who has it, as the lead in his name, or, where nobody leads, in the lead's stead. */
export type AnswersAs = 'own' | 'lead' | 'stand-in'

/** Whether somebody may answer for a step of a plan that is for these posts; one that names none is everybody's who acts on alarms. Pure. */
export const answersAs = (
  posts: readonly string[],
  who: { id: string; postId: string; roles: readonly Role[] },
  leading: readonly { id: string }[],
): AnswersAs | null => {
  if (posts.length === 0) return mayDo(who.roles, 'act-on-alarms') ? 'own' : null
  if (posts.includes(who.postId)) return 'own'
  if (leading.some(p => p.id === who.id)) return posts.includes('lead') ? 'own' : 'lead'
  return leading.length === 0 && hasRole(who.roles, standIns) ? 'stand-in' : null
}
