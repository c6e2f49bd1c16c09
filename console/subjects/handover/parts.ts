import type { CaseEvent, HandoverItem } from '#api/models/cases'
import type { Parts, PartsLook } from '../../server/engine/chapter.ts'
import { itemOf } from './items.ts'

/** Items about cases that somebody does not see are named by their number alone; which ones these are. */
const maskedItems = async ({ db, visible }: PartsLook, items: readonly HandoverItem[]): Promise<Map<number, string>> => {
  if (items.length === 0) return new Map()
  const rows = await db
    .selectFrom('case_file')
    .select(['id', 'number', 'procedure'])
    .where(
      'id',
      'in',
      items.map(i => i.ref),
    )
    .execute()
  const numbers = new Map(rows.filter(r => !visible.includes(r.procedure)).map(r => [r.id, r.number]))
  return new Map(items.flatMap(i => (numbers.has(i.ref) ? [[i.n, numbers.get(i.ref) ?? '']] : [])))
}

const keyOf = ({ kind, ref }: { kind: string; ref: string }) => `${kind} ${ref}`

/** The last remark on each of these matters in handovers before this one. */
const saidBefore = async (
  { db, head }: PartsLook,
  rows: readonly { kind: string; ref: string }[],
): Promise<Map<string, string>> => {
  if (rows.length === 0) return new Map()
  const before = await db
    .selectFrom('handover_item')
    .select(['kind', 'ref', 'remark'])
    .where('case_id', '<', head.id)
    .where('remark', 'is not', null)
    .where('ref', 'in', [...new Set(rows.map(r => r.ref))])
    .orderBy('case_id')
    .execute()
  return new Map(before.map(b => [keyOf(b), b.remark ?? '']))
}

const isOfItem = (e: CaseEvent) => e.verb.startsWith('item-')

/** The list, without what is kept from whoever looks; the history of an item repeats its words. */
export const parts = async (look: PartsLook): Promise<Parts> => {
  const rows = await look.db.selectFrom('handover_item').selectAll().where('case_id', '=', look.head.id).orderBy('n').execute()
  const said = await saidBefore(look, rows)
  const listed = rows.map(r => itemOf(r, said.get(keyOf(r)) ?? null))
  const items = listed.filter(i => !look.kept.has(i.ref))
  const gone = new Set(listed.filter(i => look.kept.has(i.ref)).map(i => i.n))
  const masked = await maskedItems(look, items)
  return {
    items: items.map(i => {
      const number = masked.get(i.n)
      return number === undefined ? i : { ...i, text: number, remark: i.remark === null ? null : '…', before: null }
    }),
    event(e) {
      const n = Number(e.detail['n'])
      if (!isOfItem(e)) return e
      if (gone.has(n)) return undefined
      const number = masked.get(n)
      return number === undefined ? e : { ...e, note: '', detail: { n: e.detail['n'], item: number } }
    },
  }
}
