import { Refusal } from '#api/errors'
import type { BooksReader } from '../books/books.ts'
import { exportsADay } from '../site/settings.ts'
import type { SiteRules } from '../site/siteRules.ts'

/** A table that holds what people have written; a template holds nothing. */
export const isExport = (path: string): boolean => /\.(xlsx|csv|:kind)$/.test(path) && !path.endsWith('-template.xlsx')

/**
 * Refuses whoever has taken out all that he may on this day (R1: 不私自泄漏有关客户资料): counted in the audit, where each stands once it has
 * gone out. `since`: when the day began.
 */
export const refuseMoreExports = async (db: BooksReader, rules: SiteRules, who: string, since: number): Promise<void> => {
  const most = rules.value(exportsADay)
  if (typeof most !== 'number') return
  const { n } = await db
    .selectFrom('audit')
    .select(e => e.fn.countAll().as('n'))
    .where('what', '=', 'exported')
    .where('user_id', '=', who)
    .where('at', '>=', since)
    .executeTakeFirstOrThrow()
  if (Number(n) >= most) throw new Refusal('exports-over', undefined, { number: most })
}
