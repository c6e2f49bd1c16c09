import type { CaseHead, Telling } from '#api/models/cases'
import { inAll, say, type Text, together } from '#api/words/text'
import type { Words } from '#contract/names'
import type { Addressee } from '../../server/books/addressee.ts'
import type { BooksReader } from '../../server/books/books.ts'
import { tell } from '../../server/books/notices.ts'
import { namesNow } from '../../server/books/persons.ts'
import type { Work } from '../../server/books/unitOfWork.ts'
import { wordsIn } from '../../server/books/words.ts'
import type { Desk } from '../../server/desk/desk.ts'
import { caseOf } from '../../server/engine/cases/casesIn.ts'
import type { Manual } from '../../server/engine/chapter.ts'
import type { Directory } from '../../server/site/directory.ts'
import { onDutyOn } from '../../server/site/onDuty.ts'
import { emergency } from './definition.ts'
import { leadsOf, type Present, staffOf, takersOf } from './leading.ts'

/** A post of the plan; `lead` is whoever leads the shift. Its name is what stands in the plan where the site has no such post. */
export type PlanPost = { id: string; name: Words }
export const lead: PlanPost = { id: 'lead', name: inAll(say.desk.lead) }

export type TellAround = { directory: Directory; manual: Manual; present: Present }

/** What telling stands on. */
export const tellAround = (desk: Pick<Desk, 'directory' | 'engine' | 'present'>): TellAround => ({
  ...{ directory: desk.directory, manual: desk.engine.manual, present: () => desk.present() },
})

/** What a ticket tells: that it is a drill stands before all of it. */
export const toldBy = (ticket: CaseHead, text: Text): Text =>
  caseOf(emergency, ticket).form.drill ? together(say.desk.drillMark, text) : text

/** Who is at each post now: at a screen or on today's roster; at `lead` whoever leads the shift. */
export const peopleAt = async (db: BooksReader, at: number, around: TellAround) => {
  const present = around.present()
  const [staff, roster, takers] = await Promise.all([
    staffOf(db),
    onDutyOn(db, around.directory.calendar.dateOf(at)),
    takersOf(db, at, around.manual),
  ])
  // Whoever is on leave does not hear it.
  const rostered = new Set(roster.filter(r => !r.onLeave).map(r => r.person_id))
  const leading = leadsOf(takers, staff, present)
  return (post: string) =>
    post === lead.id ? leading : staff.filter(p => p.post === post && (present.has(p.id) || rostered.has(p.id)))
}

/**
 * Tells the posts, and whoever leads the shift, in the console: a notice that rings until it is seen. Whom it reached is
 * kept: those of the post who are at a screen or on today's roster, and each post in which there is nobody.
 */
export const tellOfTicket = async (
  work: Work,
  around: TellAround,
  ticket: CaseHead,
  what: { step: number | null; kind: string; text: Text; posts: readonly PlanPost[] },
): Promise<{ notice: string; told: string[]; nobody: Words[] }> => {
  const present = around.present()
  const [onDuty, names] = await Promise.all([
    peopleAt(work.tx, work.at, around),
    work.tx.selectFrom('post').select(['id', 'name_json']).execute(),
  ])
  const leading = onDuty(lead.id)
  const posts = [...new Map([...what.posts, lead].map(p => [p.id === '' ? p.name.zh : p.id, p])).values()].map(p => {
    const known = names.find(n => n.id === p.id)
    return { id: p.id, name: known ? wordsIn(known.name_json) : p.name, people: onDuty(p.id) }
  })
  const to: Addressee[] = [
    ...posts.filter(p => p.id !== '' && p.id !== lead.id).map(p => `post:${p.id}` as const),
    ...leading.map(p => `user:${p.id}` as const),
  ]
  const notice = await tell(work, { to, record: ticket.id, kind: what.kind, text: what.text, rings: true })
  for (const post of posts)
    for (const person of post.people.length > 0 ? post.people : [null])
      await work.tx
        .insertInto('ticket_told')
        .values({
          ...{ notice, case_id: ticket.id, step: what.step, at: work.at, post: post.id },
          ...{ post_json: JSON.stringify(post.name), user_id: person?.id ?? null, person: person?.display ?? '' },
          on_screen: person && present.has(person.id) ? 1 : 0,
        })
        .execute()
  const reached = posts.flatMap(p => p.people.filter(x => present.has(x.id)).map(x => x.display))
  return { notice, told: [...new Set(reached)], nobody: posts.filter(p => p.people.length === 0).map(p => p.name) }
}

const grouped = <T>(rows: readonly T[], key: (row: T) => string): [string, T[]][] =>
  [...new Set(rows.map(key))].map(k => [k, rows.filter(r => key(r) === k)])

/** What a ticket told to whom, and who has seen it; also those of a post who came to a screen only later. */
export const tellingsOf = async (db: BooksReader, ticket: string): Promise<Telling[]> => {
  const rows = await db
    .selectFrom('ticket_told')
    .selectAll()
    .where('case_id', '=', ticket)
    .orderBy('at')
    .orderBy('notice')
    .execute()
  if (rows.length === 0) return []
  const seen = await db
    .selectFrom('notice_seen')
    .innerJoin('user_account', 'user_account.id', 'notice_seen.user_id')
    .select(['notice', 'user_id', 'at', 'post'])
    .where('notice', 'in', [...new Set(rows.map(r => r.notice))])
    .execute()
  const names = await namesNow(
    db,
    seen.map(x => x.user_id),
  )
  return grouped(rows, r => r.notice).map(([notice, mine]) => ({
    notice,
    at: mine[0]?.at ?? 0,
    step: mine[0]?.step ?? null,
    posts: grouped(mine, r => `${r.post} ${r.post_json}`).map(([, ofPost]) => {
      const [first] = ofPost
      const eyes = seen.filter(s => s.notice === notice)
      const told = ofPost.flatMap(r => {
        const at = eyes.find(s => s.user_id === r.user_id)?.at ?? null
        return r.user_id === null ? [] : [{ name: r.person, onScreen: r.on_screen === 1, seenAt: at }]
      })
      const later = eyes
        .filter(s => s.post === first?.post && !mine.some(r => r.user_id === s.user_id))
        .map(s => ({ name: names.get(s.user_id) ?? '', onScreen: true, seenAt: s.at }))
      return { name: first ? wordsIn(first.post_json) : { zh: '', en: '' }, people: [...told, ...later] }
    }),
  }))
}
