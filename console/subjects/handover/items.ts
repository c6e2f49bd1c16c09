import type { Selectable } from 'kysely'
import { Refusal } from '#api/errors'
import type { CaseHead, HandoverItem } from '#api/models/cases'
import { textIn } from '#api/words/text'
import { writeHistory } from '../../server/books/history.ts'
import { isSame } from '../../server/books/persons.ts'
import type { Books } from '../../server/books/schema.ts'
import type { Work } from '../../server/books/unitOfWork.ts'
import { textOf } from '../../server/books/words.ts'
import { caseOf } from '../../server/engine/cases/casesIn.ts'
import { casesAbout } from '../../server/engine/cases/people.ts'
import type { Around, Draft } from '../../server/engine/chapter.ts'
import { handover } from './definition.ts'
import { draftNow } from './draft.ts'
import { isOutgoing, isTaker, takerOf } from './taker.ts'

type Row = Selectable<Books['handover_item']>
export const itemOf = (r: Row, before: string | null): HandoverItem => ({
  before,
  n: r.n,
  kind: r.kind as HandoverItem['kind'],
  ref: r.ref,
  text: textOf(r.text_json),
  needsRemark: r.needs_remark === 1,
  remark: r.remark,
  over: r.over === 1,
  checkedBy: r.checked_by,
  checkedById: r.checked_by_id,
  checkedAt: r.checked_at,
})

/** Drafts the list anew: remarks stay with what is still there, what is over is marked so, what has come is added unchecked. */
export const draftItems = async (work: Work, head: CaseHead, around: Around): Promise<void> => {
  const { tx } = work
  const caseId = head.id
  const old = await tx.selectFrom('handover_item').selectAll().where('case_id', '=', caseId).orderBy('n').execute()
  const notes = String(caseOf(handover, head).form.notes ?? '')
  // R61: orders of the leaders go over as an item of their own.
  const note: Draft[] = notes === '' ? [] : [{ kind: 'note', ref: 'notes', text: notes.slice(0, 300), needsRemark: false }]
  const now = [...note, ...(await draftNow({ ...around, db: tx, at: work.at }))]
  let n = old.at(-1)?.n ?? 0
  for (const d of now) {
    const known = old.find(o => o.kind === d.kind && o.ref === d.ref)
    const text_json = JSON.stringify(d.text)
    if (known) {
      const changed = known.text_json !== text_json || known.over === 1
      const change = {
        text_json,
        needs_remark: d.needsRemark ? 1 : 0,
        over: 0,
        ...(changed ? { checked_at: null, checked_by: null, checked_by_id: null } : {}),
      }
      await tx.updateTable('handover_item').set(change).where('case_id', '=', caseId).where('n', '=', known.n).execute()
    } else
      await tx
        .insertInto('handover_item')
        .values({
          case_id: caseId,
          n: ++n,
          kind: d.kind,
          ref: d.ref,
          text_json,
          needs_remark: d.needsRemark ? 1 : 0,
          remark: null,
          over: 0,
          checked_at: null,
          checked_by: null,
          checked_by_id: null,
        })
        .execute()
  }
  for (const o of old)
    if (!now.some(d => d.kind === o.kind && d.ref === o.ref))
      await tx.updateTable('handover_item').set({ over: 1 }).where('case_id', '=', caseId).where('n', '=', o.n).execute()
}

const itemIn = async (work: Work, head: CaseHead, n: number): Promise<Row> => {
  const row = await work.tx
    .selectFrom('handover_item')
    .selectAll()
    .where('case_id', '=', head.id)
    .where('n', '=', n)
    .where('ref', 'not in', casesAbout(work.tx, work.actor))
    .executeTakeFirst()
  if (!row) throw new Refusal('unknown-item', 'n')
  return row
}
const setItem = (work: Work, head: CaseHead, n: number, change: Partial<Row>) =>
  work.tx.updateTable('handover_item').set(change).where('case_id', '=', head.id).where('n', '=', n).execute()

/** The outgoing person says why something goes over unfinished, or what there is to it. */
export const remarkItem = async (work: Work, head: CaseHead, n: number, remark: string): Promise<void> => {
  if (head.state !== 'preparing') throw new Refusal('not-in-this-state', 'state')
  if (!isOutgoing(head, work.actor)) throw new Refusal('not-own-shift')
  const row = await itemIn(work, head, n)
  await setItem(work, head, n, { remark, checked_at: null, checked_by: null, checked_by_id: null })
  await writeHistory(work, {
    record: head.id,
    verb: 'item-remark',
    note: remark,
    detail: { n, item: textIn('zh', textOf(row.text_json)) },
  })
  work.touched.cases.add(head.id)
}

/** The incoming person has gone through one item, face to face. */
export const checkItem = async (work: Work, head: CaseHead, n: number): Promise<void> => {
  if (head.state !== 'ready') throw new Refusal('not-in-this-state', 'state')
  if (isOutgoing(head, work.actor)) throw new Refusal('own-shift')
  if (!(await isTaker(work.tx, head, work.actor))) throw new Refusal('not-the-taker', undefined, { number: takerOf(head) })
  const row = await itemIn(work, head, n)
  const { id, display } = work.actor
  if (row.checked_at !== null && isSame(work.actor, { id: row.checked_by_id, name: row.checked_by })) return
  await setItem(work, head, n, { checked_at: work.at, checked_by: display, checked_by_id: id })
  await writeHistory(work, { record: head.id, verb: 'item-check', detail: { n, item: textIn('zh', textOf(row.text_json)) } })
  work.touched.cases.add(head.id)
}
