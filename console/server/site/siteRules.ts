import { Refusal } from '#api/errors'
import type { Preset } from '#api/manuals'
import { minuteOfClock } from '#contract/clockText'
import { accountIdOf, audit } from '../books/audit.ts'
import type { BooksReader } from '../books/books.ts'
import { writeHistory } from '../books/history.ts'
import type { Work } from '../books/unitOfWork.ts'
import { type Count, countAlways } from '../domain/deadlineClock.ts'
import { type DayKinds, WorkCalendar } from '../domain/workCalendar.ts'
import type { Directory } from './directory.ts'
import { presetValue, type Setting, type SettingValue, serviceFrom, serviceHours, serviceTo, siteKind } from './settings.ts'

const record = (s: Setting) => `setting/${s.key}`

/** The words of a setting that holds several, as people write lists. */
export const listed = (text: string): string[] =>
  text
    .split(/[、,，;；\n]/)
    .map(w => w.trim())
    .filter(w => w !== '')

/** The site's own choices (C-numbers) and its calendar, as they are in force now. */
export class SiteRules {
  readonly #directory: Directory
  /** All that there are: the site's own and those of the subjects. */
  readonly settings: readonly Setting[]
  #values = new Map<string, SettingValue>()
  #calendar: WorkCalendar
  #revision = 0

  private constructor(directory: Directory, settings: readonly Setting[]) {
    this.#directory = directory
    this.settings = settings
    this.#calendar = new WorkCalendar(directory.calendar, new Map())
  }

  static async open(db: BooksReader, directory: Directory, settings: readonly Setting[]): Promise<SiteRules> {
    const rules = new SiteRules(directory, settings)
    await rules.reload(db)
    return rules
  }

  /** After every change of a setting or a day. */
  async reload(db: BooksReader): Promise<void> {
    const [values, days] = await Promise.all([
      db.selectFrom('setting').selectAll().execute(),
      db.selectFrom('calendar_day').select(['date', 'kind']).execute(),
    ])
    this.#values = new Map(values.map(r => [r.key, JSON.parse(r.value_json) as SettingValue]))
    this.#revision++
    this.#calendar = new WorkCalendar(this.#directory.calendar, new Map(days.map(d => [d.date, d.kind])) as DayKinds)
  }

  /** Goes up with every reload. */
  get revision(): number {
    return this.#revision
  }

  get calendar(): WorkCalendar {
    return this.#calendar
  }

  /** The manual that this site works by: what it says holds until the site says otherwise. */
  get kind(): Preset {
    return (this.#values.get(siteKind.key) ?? siteKind.default) as Preset
  }

  value(s: Setting): SettingValue {
    const own = this.#values.get(s.key)
    return own === undefined ? presetValue(s, this.kind) : own
  }

  /** A setting in minutes as ms; null where the site has no such rule. */
  ms(s: Setting): number | null {
    const value = this.value(s)
    return typeof value === 'number' ? value * 60_000 : null
  }

  number(s: Setting): number | null {
    const value = this.value(s)
    return typeof value === 'number' ? value : null
  }

  minuteOfDay(s: Setting): number {
    return minuteOfClock(String(this.value(s)))
  }

  count(by: 'always' | Setting): Count {
    if (by === 'always' || this.value(by) !== serviceHours) return countAlways
    const hours = { from: this.minuteOfDay(serviceFrom), to: this.minuteOfDay(serviceTo) }
    return {
      between: (from, to) => this.calendar.serviceBetween(from, to, hours),
      after: (from, ms) => this.calendar.afterService(from, ms, hours),
    }
  }

  /** Changes one setting, with its reason in the history. The caller reloads after the commit. */
  async set(work: Work, key: string, value: unknown, why: string): Promise<void> {
    const known = this.settings.find(s => s.key === key)
    if (!known) throw new Refusal('unknown-setting', 'key')
    const parsed = known.schema.safeParse(value)
    if (!parsed.success) throw new Refusal('invalid', 'value', { message: parsed.error.issues[0]?.message })
    await this.#write(work, known, parsed.data as SettingValue, why)
  }

  /** Takes over everything that one of the manuals says; the site's own values go, each with its entry in the history. */
  async usePreset(work: Work, preset: Preset): Promise<void> {
    for (const s of this.settings) {
      if (!this.#values.has(s.key) || s === siteKind) continue
      await work.tx.deleteFrom('setting').where('key', '=', s.key).execute()
      const detail = { before: this.value(s), value: presetValue(s, preset) }
      await writeHistory(work, { record: record(s), verb: 'preset', note: preset, detail })
    }
    await this.#write(work, siteKind, preset, preset)
    await audit(work.tx, work.at, work.actor, 'preset', preset)
  }

  async #write(work: Work, s: Setting, value: SettingValue, why: string) {
    const before = this.value(s)
    if (JSON.stringify(before) === JSON.stringify(value)) return
    const row = {
      value_json: JSON.stringify(value),
      changed_at: work.at,
      ...{ changed_by: work.actor.display, changed_by_id: accountIdOf(work.actor) },
    }
    await work.tx
      .insertInto('setting')
      .values({ key: s.key, ...row })
      .onConflict(c => c.column('key').doUpdateSet(row))
      .execute()
    await writeHistory(work, { record: record(s), verb: 'set', note: why, detail: { before, value } })
    await audit(work.tx, work.at, work.actor, 'setting', s.key, { before, value })
    work.touched.overrides = true
  }
}
