import { hasRole, type Role } from '#api/rights'
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

/** Who took the last shift over; where nobody has signed for one, the supervisors who are at a screen. */
export const leadsOf = async (
  db: BooksReader,
  at: number,
  manual: Manual,
  staff: readonly Person[],
  present: ReadonlySet<string>,
): Promise<Person[]> => {
  for (const over of await manual.tookOver(db, at - longestShiftMs)) {
    const taker = staff.find(p => isSame(p, { id: over.byId, name: over.by }) && p.roles.some(r => leads.includes(r)))
    if (taker) return [taker]
  }
  return staff.filter(p => p.roles.includes('supervisor') && present.has(p.id))
}

/** Whoever leads the shift now. */
export const leadsNow = async (db: BooksReader, at: number, manual: Manual, present: ReadonlySet<string>): Promise<Person[]> =>
  leadsOf(db, at, manual, await staffOf(db), present)

/** As what somebody answers for a step: as who has it, or as the lead in his name. */
export type AnswersAs = 'own' | 'lead'

/**
 * Whether somebody may answer for a step of a plan that is for these posts: whoever has it, or the lead in his name; where nobody leads, whoever
 * could. One that names no post is everybody's. Null: it is not his. Pure.
 */
export const answersAs = (
  posts: readonly string[],
  who: { id: string; postId: string; roles: readonly Role[] },
  leading: readonly string[],
): AnswersAs | null => {
  if (posts.length === 0 || posts.includes(who.postId)) return 'own'
  const isLead = leading.length > 0 ? leading.includes(who.id) : hasRole(who.roles, standIns)
  if (!isLead) return null
  return posts.includes('lead') ? 'own' : 'lead'
}
