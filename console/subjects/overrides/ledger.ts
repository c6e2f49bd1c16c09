import type { Override } from '#api/models/overrides'
import type { User } from '#api/models/people'
import { pointName, pointValue } from '#api/pointName'
import { mayDo } from '#api/rights'
import { inAll, say, type Text } from '#api/words/text'
import { splitRef } from '#contract/names'
import { handHold, level, type PriorityArray } from '#contract/priority'
import { textOf } from '../../server/books/words.ts'
import type { Desk } from '../../server/desk/desk.ts'
import { presetValue, type Setting, type SettingValue } from '../../server/site/settings.ts'

/** What a point becomes when its operator lets it go. */
const afterRelease = (array: PriorityArray) =>
  array.holders.filter(h => h.level !== level.operator).sort((a, b) => a.level - b.level)[0]?.value ?? array.relinquishDefault

/** Points that people hold, as the agents say. */
const holds = ({ mirror, directory, profiles }: Pick<Desk, 'mirror' | 'directory' | 'profiles'>): Override[] =>
  mirror.holders().flatMap(({ point, array }): Override[] => {
    const hold = handHold(array)
    if (!hold) return []
    const [id, key] = splitRef(point)
    const device = directory.site.devices.find(d => d.id === id)
    const info = profiles.get(device?.profile ?? '')?.points.get(key)
    const said = hold.causes[0]?.what
    return [
      {
        kind: 'hold',
        ref: point,
        name: pointName(device?.name ?? inAll(id), info),
        place: device?.place ?? null,
        before: pointValue(afterRelease(array), info),
        now: pointValue(hold.value, info),
        by: said?.zh.split('：')[0] ?? '',
        byIds: hold.causes.map(c => c.id),
        why: whyIn(said),
        since: hold.since,
        until: hold.until,
      },
    ]
  })

/** A cause is said as `who: why` (commands.ts). */
const whyIn = (said: { zh: string; en: string } | undefined): Text => {
  const after = (text: string, mark: string) => (text.includes(mark) ? text.slice(text.indexOf(mark) + mark.length) : '')
  return said ? { zh: after(said.zh, '：'), en: after(said.en, ': ') } : ''
}

const suppressed = ({ suppressions }: Pick<Desk, 'suppressions'>): Override[] =>
  suppressions.rows.map(r => ({
    kind: r.kind as 'shelved' | 'out-of-service',
    ref: r.id,
    name: r.key.endsWith('/*') ? say.overrides.allOf(textOf(r.name_json)) : textOf(r.name_json),
    place: r.place ?? r.device,
    before: say.overrides.alarm,
    now: r.kind === 'shelved' ? say.overrides.silent : say.overrides.notJudged,
    by: r.by_user,
    byIds: r.by_id === null ? [] : [r.by_id],
    why: r.why,
    since: r.at,
    until: r.until,
  }))

/** Linkage tests, by the alarm that stands while one is on; who began it and until when is what the audit says. */
const tests = async ({ books, directory }: Desk): Promise<Override[]> => {
  const standing = await books.read
    .selectFrom('alarm')
    .selectAll()
    .where('key', 'like', 'test/%')
    .where('returned_at', 'is', null)
    .execute()
  if (standing.length === 0) return []
  const begun = await books.read
    .selectFrom('audit')
    .leftJoin('user_account', 'user_account.id', 'audit.user_id')
    .select(['audit.at', 'detail_json', 'user_id', 'display'])
    .where('what', '=', 'command-begin-test')
    // Only of a test that the agent has begun.
    .where(e =>
      e.exists(
        e
          .selectFrom('command as c')
          .select('c.id')
          .whereRef('c.at', '=', 'audit.at')
          .whereRef('c.user_id', '=', 'audit.user_id')
          .where('c.kind', '=', 'begin-test')
          .where('c.step', '=', 'confirmed'),
      ),
    )
    .orderBy('audit.at', 'desc')
    .limit(100)
    .execute()
  return standing.map(a => {
    const compartment = a.key.slice('test/'.length)
    const mine = begun.find(b => JSON.parse(b.detail_json).act?.compartment === compartment)
    const said = mine && (JSON.parse(mine.detail_json) as { act: { until: number }; reason: string })
    return {
      kind: 'test',
      ref: compartment,
      name: directory.site.compartments.find(c => c.id === compartment)?.name ?? compartment,
      place: a.place,
      before: say.overrides.linked,
      now: say.overrides.recordedOnly,
      by: mine?.display ?? '',
      byIds: mine?.user_id ? [mine.user_id] : [],
      why: said?.reason ?? '',
      since: a.raised_at,
      until: said?.act.until ?? null,
    }
  })
}

const settingText = (s: Setting, value: SettingValue): Text => {
  const choice = s.choices?.find(c => c.value === value)?.label
  if (choice) return choice
  if (value === null || value === '') return say.overrides.none
  if (typeof value === 'boolean') return value ? say.overrides.yes : say.overrides.no
  return `${value}${s.unit === 'min' || s.unit === 'h' || s.unit === '%' ? ` ${s.unit}` : ''}`
}

/** Settings that are not what the site's manual, or we, say. */
const settings = async ({ books, rules }: Desk): Promise<Override[]> => {
  const rows = await books.read.selectFrom('setting').selectAll().execute()
  return rows.flatMap((r): Override[] => {
    const s = rules.settings.find(x => x.key === r.key)
    if (!s) return []
    const [before, now] = [presetValue(s, rules.kind), rules.value(s)]
    if (JSON.stringify(before) === JSON.stringify(now)) return []
    return [
      {
        ...{ kind: 'setting', ref: s.key, name: s.name, place: null, before: settingText(s, before), now: settingText(s, now) },
        ...{ by: r.changed_by, byIds: r.changed_by_id ? [r.changed_by_id] : [], why: '', since: r.changed_at, until: null },
      },
    ]
  })
}

/** What ends by itself and is known without a look at the books: points that are held, alarms that are out of sight. */
export const lastingOf = (desk: Pick<Desk, 'mirror' | 'directory' | 'profiles' | 'suppressions'>): Override[] => [
  ...holds(desk),
  ...suppressed(desk),
]

/** The one ledger of what people have changed, the first to end first; what has no end after it, settings last. */
export const ledgerOf = async (desk: Desk, who: Pick<User, 'roles'>): Promise<Override[]> => {
  const ofSite = mayDo(who.roles, 'see-settings') ? await settings(desk) : []
  const all = [...lastingOf(desk), ...(await tests(desk)), ...ofSite]
  const rank = (o: Override) => (o.kind === 'setting' ? 2 : o.until === null ? 1 : 0)
  return all.sort((a, b) => rank(a) - rank(b) || (a.until ?? 0) - (b.until ?? 0) || (a.ref < b.ref ? -1 : 1))
}
