import { describe, expect, it } from 'vitest'
import { system } from '../../console/server/books/audit.ts'
import { settingOf, settings } from '../harness/manual.ts'
import { cases } from './settings/cases.ts'
import { TriedSite } from './settings/site.ts'

/** A setting exists only where a rule reads it: a rule whose outcome is another one when the setting is changed. */
describe('the settings of a site', () => {
  it('have each a case, and no case is without its setting', () => {
    expect(Object.keys(cases).sort()).toEqual(settings.map(s => s.key).sort())
  })
  it.each(settings.map(s => s.key))('%s is read by a rule', async key => {
    const outcomes = []
    for (const value of cases[key]?.values ?? []) {
      expect(settingOf(key).schema.safeParse(value).success).toBe(true)
      const site = await TriedSite.open()
      try {
        await site.set(key, value)
        outcomes.push(await cases[key]?.outcome(site))
      } finally {
        await site.close()
      }
    }
    expect(outcomes).toHaveLength(2)
    expect(outcomes[0]).not.toEqual(outcomes[1])
  })
  it('are not disturbed by what a site has stored for one that is gone', async () => {
    const site = await TriedSite.open()
    const gone = { key: 'poll-recovery', value_json: '90', changed_at: 0, changed_by: '-' }
    await site.books.books.write(tx => tx.insertInto('setting').values(gone).execute())
    await site.set('complaint-limit', 60)
    await site.books.unit(system, work => site.books.rules.usePreset(work, 'estate'))
    await site.books.rules.reload(site.db)
    expect(site.books.rules.value(settingOf('complaint-limit'))).toBe(1440)
    await expect(site.set('poll-recovery', 80)).rejects.toMatchObject({ code: 'unknown-setting' })
    await site.close()
  })
})
