import { ulid } from 'ulid'
import { say, together } from '#api/words/text'
import { writeHistory } from '../../server/books/history.ts'
import { promise } from '../../server/books/outbox.ts'
import type { Work } from '../../server/books/unitOfWork.ts'
import { dataOf } from '../../server/engine/cases/bringAbout.ts'
import { linkedTo } from '../../server/engine/cases/casesIn.ts'
import type { CausesOf } from '../../server/engine/chapter.ts'
import { didOf } from '../../server/engine/definition.ts'
import { chargeAll } from './charges.ts'
import { orderForm, type overtime } from './definition.ts'
import { priced } from './quote.ts'
import { isUnderWay, onEvening, openRows, type Row, rowsOf, segmentsOf, withOtherHours } from './segments.ts'

type Moved = { at: number; evening?: string; to: number }
/** The steps that give a booking other hours. */
const hourVerbs = ['change', 'change-evening', 'extend', 'extend-evening']

const stopNow = async (work: Work, rows: readonly Row[]) => {
  for (const { id } of rows)
    await work.tx.updateTable('booking').set({ to_at: work.at, stopped_at: work.at }).where('id', '=', id).execute()
}
const giveUp = async (work: Work, rows: readonly Row[]) => {
  for (const { id } of rows) await work.tx.updateTable('booking').set({ live: 0 }).where('id', '=', id).execute()
}

export const causes: CausesOf<typeof overtime> = {
  async reserve(work, { id, tenant, form }, { directory, rules }) {
    const segments = segmentsOf(directory, form)
    const quote = 'code' in segments ? segments : await priced({ db: work.tx, directory, rules }, segments)
    if ('code' in quote) throw new Error(`it was bookable a moment ago: ${quote.code}`)
    for (const [i, { zone, from, to, fen }] of quote.parts.entries())
      await work.tx
        .insertInto('booking')
        // The first of them goes by the id of its case: a booking of one zone and evening has one id.
        .values({
          id: i === 0 ? id : ulid(),
          case_id: id,
          zone,
          tenant: tenant ?? '',
          from_at: from,
          to_at: to,
          live: 1,
          quoted_fen: fen,
        })
        .execute()
  },
  async unreserve(work, { id }) {
    await work.tx.updateTable('booking').set({ live: 0 }).where('case_id', '=', id).execute()
  },
  async move(work, head, { directory, rules }) {
    const verb = hourVerbs.find(v => didOf(head.facts, { verb: v })?.at === work.at) ?? ''
    const said = head.facts[verb] as { evening?: string; from?: number; to: number }
    const { proposed } = withOtherHours(directory, await rowsOf(work.tx, head.id), work.at, said)
    const quote = await priced({ db: work.tx, directory, rules }, proposed)
    if ('code' in quote) throw new Error(`it could be changed a moment ago: ${quote.code}`)
    for (const { id, from, to, fen } of quote.parts)
      await work.tx
        .updateTable('booking')
        .set({ from_at: from, to_at: to, quoted_fen: fen })
        .where('id', '=', id ?? '')
        .execute()
  },
  /** Engineering reads the hours that hold now: of one evening in the order itself, of a repeated booking beside it. */
  async 'retell-order'(work, head, { directory }) {
    const evening = hourVerbs.map(v => didOf(head.facts, { verb: v }) as Moved | undefined).find(d => d?.at === work.at)
    const orders = await linkedTo(work.tx, head.id, 'order').where('case_file.ended_at', 'is', null).execute()
    for (const { id } of orders) {
      const { form_json } = await work.tx
        .selectFrom('case_file')
        .select('form_json')
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      const before = JSON.parse(form_json)
      const { content, appointment } = orderForm((await dataOf(work.tx, directory, head)) as Parameters<typeof orderForm>[0])
      const { clockOf } = directory.calendar
      const said =
        evening?.evening === undefined
          ? { content, appointment }
          : { content: together(before.content, say.marks.pause, evening.evening, ' → ', clockOf(evening.to)) }
      const form = { ...before, ...said }
      const changed = Object.fromEntries(Object.keys(said).map(k => [k, { before: before[k], after: form[k] }]))
      await work.tx
        .updateTable('case_file')
        .set({ form_json: JSON.stringify(form), changed_at: work.at, revision: e => e('revision', '+', 1) })
        .where('id', '=', id)
        .execute()
      await writeHistory(work, { record: id, verb: 'correct', note: head.number, detail: changed })
      work.touched.cases.add(id)
    }
  },
  async 'end-now'(work, { id }) {
    await stopNow(
      work,
      (await openRows(work.tx, id)).filter(r => isUnderWay(r, work.at)),
    )
  },
  async 'end-zone'(work, { id, facts }) {
    const { stopped } = facts['stop-zone'] as { stopped: string }
    await stopNow(
      work,
      (await openRows(work.tx, id)).filter(r => isUnderWay(r, work.at) && r.zone === stopped),
    )
  },
  async 'skip-evening'(work, { id, facts }, { directory }) {
    const { evening } = facts['skip'] as { evening: string }
    await giveUp(work, onEvening(directory, await openRows(work.tx, id), evening))
  },
  async 'drop-later'(work, { id, form }, { directory }) {
    const rows = await openRows(work.tx, id)
    const { dateOf } = directory.calendar
    await giveUp(
      work,
      rows.filter(r => r.from_at > work.at && dateOf(r.from_at) > (form.until ?? '')),
    )
  },
  'publish-programme': work => promise(work, 'programme'),
  charge: (work, head, around) => chargeAll(work, around, head.id),
}
