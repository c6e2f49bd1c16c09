import { together } from '#api/words/text'
import type { Subject } from '../../server/desk/subject.ts'
import type { Register } from '../../server/engine/registers/register.ts'
import { openEntries } from '../../server/engine/registers/registerLife.ts'
import { keyKind, keyRegister } from './register.ts'

/** 002 §4.5.5: of every kind one set is kept for the unforeseen; it goes out for nothing else. */
const spareStays: NonNullable<Register['need']> = async ({ db, form }) => {
  const key = await db.selectFrom('thing').select('form_json').where('id', '=', String(form['key'])).executeTakeFirst()
  const isSpare = key !== undefined && JSON.parse(key.form_json).spare === 'reserve'
  if (!isSpare || form['unforeseen'] !== undefined) return null
  const say = { zh: '这是紧急备用钥匙，写明紧急情况才能借出', en: 'this is the emergency spare: say what the emergency is' }
  return { code: 'in-the-way', field: 'unforeseen', say }
}

/** Keys in custody (R50); whose are out goes over with the shift (R61: 公用物品…当面验清交接). */
export const keys: Subject = {
  things: [keyKind],
  registers: [{ ...keyRegister, need: spareStays }],
  async handsOver({ db, directory }) {
    const out = await openEntries(db, keyRegister)
    return out.map(e => {
      const { key, due } = JSON.parse(e.form_json) as { key: string; due: number }
      const text = together(e.number, ' ', keyKind.name, ' ', directory.thingName(key), ' → ', directory.calendar.momentOf(due))
      return { kind: 'goods' as const, ref: e.id, text, needsRemark: false }
    })
  },
}
