import { Refusal } from '#api/errors'
import { isBad } from '#api/linkageTimes'
import type { User } from '#api/models/people'
import { say, type Text, textIn, together } from '#api/words/text'
import { textOf } from '../../server/books/words.ts'
import type { Desk } from '../../server/desk/desk.ts'
import { headOf } from '../../server/engine/cases/caseRows.ts'
import { caseOf, choiceOf } from '../../server/engine/cases/casesIn.ts'
import { emergency } from './definition.ts'
import { parts } from './parts.ts'

/**
 * What the books know of an event, as a beginning of the written report that is owed the day after it (R62, T67): what came, who did what and when, what
 * was late, how it ended. Why it came and what follows from it is left to whoever writes.
 */
export const reportDraft = async (desk: Desk, number: string, user: User): Promise<Text> => {
  const db = desk.books.read
  const row = await db
    .selectFrom('case_file')
    .selectAll()
    .where('procedure', '=', emergency.id)
    .where('number', '=', number)
    .executeTakeFirst()
  if (!row) throw new Refusal('unknown-case', 'number')
  const head = await desk.engine.seen(db, headOf(row).id, user)
  const { form } = caseOf(emergency, head)
  const { calendar } = desk.directory
  const clock = (at: number) => `${calendar.dateOf(at)} ${calendar.clockOf(at)}`
  const look = {
    db,
    at: desk.wall(),
    head,
    user,
    kept: new Set<string>(),
    visible: [],
    manual: desk.engine.manual,
    present: new Set<string>(),
  }
  const [alarms, call, closing, found] = await Promise.all([
    db.selectFrom('alarm').select(['name_json', 'raised_at']).where('ticket', '=', head.id).orderBy('raised_at').execute(),
    db.selectFrom('call_out').selectAll().where('case_id', '=', head.id).executeTakeFirst(),
    db.selectFrom('history').select('note').where('record', '=', head.id).where('verb', '=', 'close').executeTakeFirst(),
    parts(look),
  ])
  const { steps = [], linkages = [] } = found
  const lines: Text[] = [
    say.draft.began(
      clock(Math.min(head.openedAt, ...alarms.map(a => a.raised_at))),
      desk.directory.placeName(head.place),
      form.title,
      number,
    ),
    say.draft.alarms(
      alarms.length,
      together(
        ...alarms.slice(0, 5).flatMap((a, i) => (i === 0 ? [textOf(a.name_json)] : [say.marks.pause, textOf(a.name_json)])),
      ),
    ),
  ]
  if (call?.answered_at) lines.push(say.draft.answered(call.answered_by ?? '', calendar.clockOf(call.answered_at)))
  for (const s of steps) {
    const what = s.text
    const late = s.overdueAt === null ? '' : say.draft.late
    if (s.doneAt !== null) lines.push(together(say.draft.done(s.n, what, s.doneBy ?? '', calendar.clockOf(s.doneAt)), late))
    else if (s.aside) lines.push(say.draft.aside(s.n, what, s.aside.why, s.aside.by))
    else lines.push(together(say.draft.open(s.n, what), late))
  }
  const bad = linkages.filter(isBad)
  if (linkages.length > 0)
    lines.push(say.draft.linkages(linkages.length, bad.length, bad.map(l => textIn('zh', l.name)).join('、')))
  const outcome = choiceOf(desk.engine.procedureOf(head), 'outcome')
  lines.push(
    head.endedAt === null
      ? say.draft.stillOpen
      : say.draft.ended(clock(head.endedAt), outcome(form.outcome), closing?.note ?? ''),
  )
  lines.push(say.draft.yours)
  return together(...lines.flatMap((line, i) => (i === 0 ? [line] : ['\n', line])))
}
