import type { Selectable } from 'kysely'
import type { CaseHead, HandoverItem } from '#api/models/cases'
import { both } from '#api/words/both'
import { en } from '#api/words/en'
import { zh } from '#api/words/zh'
import type { Words } from '#contract/names'
import { level } from '#contract/priority'
import { ApiError } from '#program/httpApi'
import { writeHistory } from '../books/history.ts'
import type { Books } from '../books/schema.ts'
import type { Work } from '../books/unitOfWork.ts'
import { headOf } from '../cases/caseRows.ts'
import type { Directory } from '../cases/directory.ts'
import { takerOf } from '../cases/needs.ts'
import type { LiveState } from './liveState.ts'

type Row = Selectable<Books['handover_item']>
type Draft = { kind: HandoverItem['kind']; ref: string; text: Words; needsRemark: boolean }

/** Bookings that begin so soon belong to the next shift. */
const nextShiftMs = 12 * 3_600_000
/** More than these are not gone through one by one; that there are more is an item of its own. */
const mostCases = 200

export const itemOf = (r: Row): HandoverItem => ({
  n: r.n,
  kind: r.kind as HandoverItem['kind'],
  ref: r.ref,
  text: { zh: r.text_zh, en: r.text_en },
  needsRemark: r.needs_remark === 1,
  remark: r.remark,
  over: r.over === 1,
  checkedBy: r.checked_by,
  checkedAt: r.checked_at,
})

/** What must be told to the next shift, from the state of now (R61). What is unfinished goes over with its reason (C8). */
const draft = async (work: Work, directory: Directory, live: LiveState): Promise<Draft[]> => {
  const { tx, at } = work
  const inHand = tx
    .selectFrom('case_file')
    .where('ended_at', 'is', null)
    .where('procedure', 'in', ['emergency', 'repair', 'complaint'])
  const [alarms, cases, open, bookings] = await Promise.all([
    tx.selectFrom('alarm').selectAll().where('returned_at', 'is', null).orderBy('level').orderBy('raised_at').execute(),
    // Emergencies first, whatever else is cut off.
    inHand
      .selectAll()
      .orderBy(e => e.case().when('procedure', '=', 'emergency').then(0).else(1).end())
      .orderBy('opened_at')
      .limit(mostCases)
      .execute(),
    inHand.select(e => e.fn.countAll().as('n')).executeTakeFirst(),
    tx
      .selectFrom('booking')
      .innerJoin('case_file', 'case_file.id', 'booking.case_id')
      .select(['case_file.id', 'case_file.number', 'booking.zone', 'booking.from_at', 'booking.to_at', 'case_file.state'])
      .where('booking.live', '=', 1)
      .where('booking.to_at', '>', at)
      .where('booking.from_at', '<', at + nextShiftMs)
      .where('case_file.ended_at', 'is', null)
      .orderBy('booking.from_at')
      .execute(),
  ])
  const more = Number(open?.n ?? 0) - cases.length
  const clock = directory.calendar.clockOf
  const place = (id: string | null) => directory.placeName(id)
  const titleOf = (head: CaseHead) => {
    const title = head.form['title'] as Words | undefined
    const text = String(head.form['content'] ?? '').slice(0, 80)
    return title ?? { zh: text, en: text }
  }
  const caseItem = (head: CaseHead): Draft => ({
    kind: head.procedure === 'emergency' ? 'emergency' : 'case',
    ref: head.id,
    text: {
      zh: `${head.number} ${place(head.place).zh} ${titleOf(head).zh}`,
      en: `${head.number} ${place(head.place).en} ${titleOf(head).en}`,
    },
    needsRemark: true,
  })
  return [
    ...cases.map(headOf).map(caseItem),
    ...(more > 0
      ? [
          {
            kind: 'case' as const,
            ref: 'more',
            text: both(t => t.shift.more(more)),
            needsRemark: true,
          },
        ]
      : []),
    ...alarms.map(a => ({
      kind: 'alarm' as const,
      ref: a.id,
      text: {
        zh: zh.desk.standingAlarm(a.level, a.name_zh, clock(a.raised_at)),
        en: en.desk.standingAlarm(a.level, a.name_en, clock(a.raised_at)),
      },
      // One that has its case is explained there.
      needsRemark: a.ticket === null && a.level <= 3,
    })),
    ...live.handHolds().map(h => {
      const hold = h.array.holders.find(x => x.level === level.operator)
      const until = hold?.until ? clock(hold.until) : ''
      const [device = ''] = h.point.split('/')
      const why = hold?.causes.map(c => c.what.zh).join('、') ?? ''
      return {
        kind: 'hold' as const,
        ref: h.point,
        text: {
          zh: `${place(device).zh} ${h.point} = ${hold?.value} ${until} ${why}`.trim(),
          en: `${place(device).en} ${h.point} = ${hold?.value} ${until} ${hold?.causes.map(c => c.what.en).join(', ') ?? ''}`.trim(),
        },
        needsRemark: false,
      }
    }),
    // What is not known is not taken for standing still: somebody says what there is to it.
    ...live.unknown().map(u => ({
      kind: 'equipment' as const,
      ref: u.device,
      text: { zh: zh.desk.unknownState(u.name.zh), en: en.desk.unknownState(u.name.en) },
      needsRemark: true,
    })),
    ...live.moving().map(m => ({
      kind: 'equipment' as const,
      ref: m.device,
      text: {
        zh: m.towards ? zh.desk.starting(m.name.zh) : zh.desk.stopping(m.name.zh),
        en: m.towards ? en.desk.starting(m.name.en) : en.desk.stopping(m.name.en),
      },
      needsRemark: false,
    })),
    ...bookings.map(b => ({
      kind: 'booking' as const,
      ref: b.id,
      text: {
        zh: `${b.number} ${place(b.zone).zh} ${clock(b.from_at)}–${clock(b.to_at)}`,
        en: `${b.number} ${place(b.zone).en} ${clock(b.from_at)}–${clock(b.to_at)}`,
      },
      needsRemark: b.state !== 'signed',
    })),
  ]
}

/** Drafts the list anew: remarks stay with what is still there, what is over is marked so, what has come is added unchecked. */
export const draftItems = async (work: Work, caseId: string, directory: Directory, live: LiveState): Promise<void> => {
  const { tx } = work
  const old = await tx.selectFrom('handover_item').selectAll().where('case_id', '=', caseId).orderBy('n').execute()
  const now = await draft(work, directory, live)
  let n = old.at(-1)?.n ?? 0
  for (const d of now) {
    const known = old.find(o => o.kind === d.kind && o.ref === d.ref)
    const text = { text_zh: d.text.zh.slice(0, 300), text_en: d.text.en.slice(0, 300) }
    if (known) {
      const changed = known.text_zh !== text.text_zh || known.over === 1
      const change = { ...text, over: 0, ...(changed ? { checked_at: null, checked_by: null } : {}) }
      await tx.updateTable('handover_item').set(change).where('case_id', '=', caseId).where('n', '=', known.n).execute()
    } else
      await tx
        .insertInto('handover_item')
        .values({
          case_id: caseId,
          n: ++n,
          kind: d.kind,
          ref: d.ref,
          ...text,
          needs_remark: d.needsRemark ? 1 : 0,
          remark: null,
          over: 0,
          checked_at: null,
          checked_by: null,
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
    .executeTakeFirst()
  if (!row) throw new ApiError(404, 'unknown-item', 'n')
  return row
}
const setItem = (work: Work, head: CaseHead, n: number, change: Partial<Row>) =>
  work.tx.updateTable('handover_item').set(change).where('case_id', '=', head.id).where('n', '=', n).execute()

/** The outgoing person says why something goes over unfinished, or what there is to it. */
export const remarkItem = async (work: Work, head: CaseHead, n: number, remark: string): Promise<void> => {
  if (head.state !== 'preparing') throw new ApiError(409, 'not-in-this-state', 'state')
  if (head.owner !== work.actor.display) throw new ApiError(409, 'not-own-shift')
  const row = await itemIn(work, head, n)
  await setItem(work, head, n, { remark, checked_at: null, checked_by: null })
  await writeHistory(work, { record: head.id, verb: 'item-remark', note: remark, detail: { n, item: row.text_zh } })
  work.touched.cases.add(head.id)
}

/** The incoming person has gone through one item, face to face. */
export const checkItem = async (work: Work, head: CaseHead, n: number): Promise<void> => {
  if (head.state !== 'ready') throw new ApiError(409, 'not-in-this-state', 'state')
  if (head.owner === work.actor.display) throw new ApiError(409, 'own-shift')
  if (takerOf(head) !== work.actor.display) throw new ApiError(409, 'not-the-taker', undefined, { number: takerOf(head) })
  const row = await itemIn(work, head, n)
  if (row.checked_at !== null) return
  await setItem(work, head, n, { checked_at: work.at, checked_by: work.actor.display })
  await writeHistory(work, { record: head.id, verb: 'item-check', detail: { n, item: row.text_zh } })
  work.touched.cases.add(head.id)
}
