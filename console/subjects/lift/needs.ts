import type { NeedsOf } from '../../server/engine/chapter.ts'
import type { goodsLift } from './definition.ts'

export const needs: NeedsOf<typeof goodsLift> = {
  /** 000 §4.2.4.3(1): 只能使用消防电梯. */
  async 'fire-lift'({ db, head, said }) {
    if (head.form.what !== 'moving') return null
    const wish = String(said?.['lift'] ?? head.form.lift)
    const lift = await db.selectFrom('thing').select('form_json').where('id', '=', wish).executeTakeFirst()
    if (lift === undefined || JSON.parse(lift.form_json).kind === 'fire') return null
    return {
      code: 'in-the-way',
      field: 'lift',
      say: { zh: '家具搬运只能使用消防电梯', en: 'furniture goes by a fire lift only' },
    }
  },
  async begun({ at, head }) {
    return at >= head.form.from ? null : { code: 'not-begun' }
  },
}
