import { say } from '#api/words/text'
import { system } from '../../server/books/audit.ts'
import type { Desk } from '../../server/desk/desk.ts'
import { deskRoute } from '../../server/desk/desk.ts'
import type { Chore, Subject } from '../../server/desk/subject.ts'
import { answerPost, askPost, dueOf, latestChecks, nextAfter, openCheck, tellAbove, viewOf } from './checks.ts'
import { checkEvery, checkWithin } from './settings.ts'

const choresOf = ({ books, unit, rules, wall, directory, ownAlarm }: Desk): Chore[] => {
  const startedAt = wall()
  /** When it asks by itself, and how often it was to ask when that was drawn. */
  let next: { at: number; every: number } | null = null
  const ask = async () => {
    const every = rules.ms(checkEvery)
    if (every === null) {
      next = null
      return
    }
    if (next?.every !== every) next = { at: nextAfter(wall(), every), every }
    if (next.at > wall()) return
    next = { at: nextAfter(wall(), every), every }
    if (!(await openCheck(books.read))) await unit(system, work => askPost(work, rules.ms(checkWithin) ?? 0))
  }
  const chase = async () => {
    const open = await openCheck(books.read)
    const late = open !== undefined && dueOf(open, startedAt) <= wall()
    const clock = open ? directory.calendar.clockOf(open.asked_at).slice(0, 5) : ''
    if (late && open.told_at === null) await unit(system, work => tellAbove(work, open, clock))
    // Of level 2, so that it calls those who are not at a screen either.
    await ownAlarm({ key: 'post-check', level: 2, name: say.postChecks.unanswered(clock) }, late)
  }
  return [
    { what: 'checks of the post', act: ask },
    { what: 'checks of the post that nobody answers', act: chase },
  ]
}

/** 查岗: whether somebody is at his post, asked by those above or by the console, answered in person or told upwards. */
export const postChecks: Subject = {
  settings: [checkEvery, checkWithin],
  routes: desk => [
    deskRoute('GET /post-checks', async () => {
      const [open, latest] = await Promise.all([openCheck(desk.books.read), latestChecks(desk.books.read)])
      return { open: open ? viewOf(open) : null, latest: latest.map(viewOf) }
    }),
    deskRoute('POST /post-checks', ({ who }) => desk.unit(who.actor, work => askPost(work, desk.rules.ms(checkWithin) ?? 0))),
    deskRoute('POST /post-checks/:id/answer', ({ params, who }) => desk.unit(who.actor, work => answerPost(work, params.id))),
  ],
  chores: choresOf,
}
