import type { SettingView } from '#api/models/duties'
import type { BooksReader } from '../books/books.ts'
import { presetValue } from './settings.ts'
import type { SiteRules } from './siteRules.ts'

/** Every choice that is the site's (C-numbers): its value, what each manual says, and who changed it. */
export const settingViews = async (db: BooksReader, rules: SiteRules): Promise<SettingView[]> => {
  const changed = new Map((await db.selectFrom('setting').selectAll().execute()).map(r => [r.key, r]))
  return rules.settings.map(s => {
    const row = changed.get(s.key)
    return {
      key: s.key,
      name: s.name,
      source: s.source,
      unit: s.unit,
      choices: [...(s.choices ?? [])],
      value: rules.value(s),
      default: presetValue(s, rules.kind),
      presets: s.presets ?? {},
      changedAt: row?.changed_at ?? null,
      changedBy: row?.changed_by ?? null,
    }
  })
}
