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

const isOfItem = (e: CaseEvent) => e.verb.startsWith('item-')

/** The list, without what is kept from whoever looks; the history of an item repeats its words. */
export const parts = async (look: PartsLook): Promise<Parts> => {
  const rows = await look.db.selectFrom('handover_item').selectAll().where('case_id', '=', look.head.id).orderBy('n').execute()
  const listed = rows.map(itemOf)
  const items = listed.filter(i => !look.kept.has(i.ref))
  const gone = new Set(listed.filter(i => look.kept.has(i.ref)).map(i => i.n))
  const masked = await maskedItems(look, items)
  return {
    items: items.map(i => {
      const number = masked.get(i.n)
      return number === undefined ? i : { ...i, text: number, remark: i.remark === null ? null : '…' }
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
