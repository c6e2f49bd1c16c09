import type { NeedsOf } from '../../server/engine/chapter.ts'
import type { goodsRelease } from './definition.ts'

export const needs: NeedsOf<typeof goodsRelease> = {
  /** Whatever was ticked: what stands in the tenant's file counts, as it stands now. */
  async unrestricted({ db, head, directory, at }) {
    const tenant = await directory.tenantOfPlace(db, head.place, at)
    if (!tenant) return null
    const file = await db.selectFrom('tenant').select('restriction').where('id', '=', tenant.id).executeTakeFirst()
    const why = file?.restriction ?? ''
    return why === ''
      ? null
      : { code: 'in-the-way', say: { zh: `${tenant.short}有放行限制：${why}`, en: `${tenant.short} is restricted: ${why}` } }
  },
}
