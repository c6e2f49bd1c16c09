import type { ImportProblem } from '#api/models/imports'
import { type TariffDays, tariffBody, tariffDays } from '#api/models/tariffs'
import type { Language } from '#api/words/languages'
import { inAll, say, textIn } from '#api/words/text'
import type { Words } from '#contract/names'
import { isBackwards } from '../../server/domain/dateRanges.ts'
import {
  type Change,
  type Column,
  choiceColumn,
  choiceIn,
  dayColumn,
  type Line,
  type Numbered,
  narrow,
  plain,
  type SheetKind,
  textColumn,
  twiceIn,
} from '../../server/master/importPlan.ts'
import { type PlaceNames, placeNames } from '../../server/master/placeNames.ts'
import type { OpenSheet } from '../../server/master/sheet.ts'
import { clashOf, keepsWord, type Price } from './arithmetic/priceRules.ts'
import { saveTariffs, tariffsIn } from './prices.ts'

/** Prices as a table: a line for each, known by its name, its kind of days and its first day. */

type Value = 'name' | 'en' | 'days' | 'perHour' | 'rounding' | 'minimum' | 'from' | 'to' | 'zones'
const at = (line: Line, key: Value): string => line[key] ?? ''
const dayKinds = Object.fromEntries(tariffDays.map(d => [d, inAll(say.prices.dayKinds[d])])) as Record<TariffDays, Words>
const everyZone: Words = { zh: '全部区域', en: 'all zones' }
const mark = '、'

/** Yuan with at most two places behind the point; the thousands may be marked. */
const yuanColumn: Column['read'] = text => {
  const [, whole = '', rest = ''] = /^[¥￥]?(\d[\d,]*)(?:\.(\d{1,2}))?$/.exec(narrow(text).replace(/\s/g, '')) ?? []
  const fen = Number(`${whole.replaceAll(',', '')}${rest.padEnd(2, '0')}`)
  return whole !== '' && tariffBody.shape.fenPerHour.safeParse(fen).success ? (fen / 100).toFixed(2) : { wrong: 'not-a-price' }
}
const minutesColumn =
  (field: 'roundingMinutes' | 'minimumMinutes'): Column['read'] =>
  text => {
    const number = narrow(text)
    const isRight = /^\d+$/.test(number) && tariffBody.shape[field].safeParse(Number(number)).success
    return isRight ? String(Number(number)) : { wrong: 'not-minutes' }
  }

/** Zones by their names; without any, every zone. In the order of the site. */
const zonesColumn = (zones: PlaceNames, all: readonly string[], language: Language) => {
  const isAll = choiceColumn({ all: everyZone }, language)
  const shown = (ids: ReadonlySet<string>) =>
    ids.size === all.length
      ? textIn(language, everyZone)
      : all
          .filter(z => ids.has(z))
          .map(zones.shown)
          .join(mark)
  const idsOf = (text: string) => {
    if (text === '' || typeof isAll(text) === 'string') return { ids: new Set(all), unknown: undefined }
    // The name of a zone may hold a comma; the marks that part zones stand in none.
    const parts = text
      .split(/[、;；\n]/)
      .flatMap(part => (zones.idOf(part) === undefined ? part.split(/[,，]/) : [part]))
      .map(part => part.trim())
      .filter(part => part !== '')
    return {
      ids: new Set(parts.map(zones.idOf).filter(id => id !== undefined)),
      unknown: parts.find(part => zones.idOf(part) === undefined),
    }
  }
  const read: Column['read'] = text => {
    const { ids, unknown } = idsOf(text)
    return unknown === undefined ? shown(ids) : { wrong: 'unknown-zone', about: unknown }
  }
  return { read, shown, idsOf: (text: string) => [...idsOf(text).ids].sort() }
}

const columnsOf = (zones: Column['read'], language: Language): Column[] => {
  const column = (key: Value, zh: string, en: string, read: Column['read'], needed = false): Column => ({
    ...{ key, name: { zh, en }, read, needed },
  })
  return [
    column('name', '名称', 'Name', textColumn(60), true),
    column('en', '英文名', 'English name', textColumn(60)),
    column('days', '哪些日子', 'On which days', choiceColumn(dayKinds, language)),
    column('perHour', '每小时（元）', 'An hour (yuan)', yuanColumn, true),
    column('rounding', '计时单位（分钟）', 'Counted in (minutes)', minutesColumn('roundingMinutes'), true),
    column('minimum', '最少计费（分钟）', 'At least (minutes)', minutesColumn('minimumMinutes'), true),
    column('from', '起', 'From', dayColumn, true),
    column('to', '止', 'Until', dayColumn),
    column('zones', '区域', 'Zones', zones),
  ]
}

const keyOf = (line: Line) => JSON.stringify([plain(at(line, 'name')), at(line, 'days'), at(line, 'from')])

export const openPrices: OpenSheet = async (db, language, { directory, at: now }) => {
  const stored = await tariffsIn(db, directory)
  const all = directory.site.zones.map(z => z.id)
  const zones = zonesColumn(placeNames(directory.site.zones, language), all, language)
  const lineOf = (t: Price): Line => ({
    ...{ name: t.name.zh, en: t.name.en, days: textIn(language, dayKinds[t.days]), perHour: (t.fenPerHour / 100).toFixed(2) },
    ...{ rounding: String(t.roundingMinutes), minimum: String(t.minimumMinutes), from: t.from, to: t.to ?? '' },
    zones: zones.shown(new Set(t.zones)),
  })
  const lines = stored.map(t => ({ line: lineOf(t), tariff: t }))
  const tariffOf = (line: Line | null) => lines.find(x => x.line === line)?.tariff
  /** Several may share name, days and first day in different zones: then the zones tell. */
  const standing = (line: Line): Line | null => {
    const whole = { ...line, days: at(line, 'days') || textIn(language, dayKinds.any) }
    const same = lines.filter(x => keyOf(x.line) === keyOf(whole)).map(x => x.line)
    const wished = at(line, 'zones') || textIn(language, everyZone)
    return same.find(x => at(x, 'zones') === wished) ?? (same.length === 1 ? (same[0] ?? null) : null)
  }
  const priceOf = ({ values, standing: was }: Change, id: string): Price => {
    const before = tariffOf(was)
    return {
      ...{ id, name: { zh: at(values, 'name'), en: at(values, 'en') }, days: choiceIn(dayKinds, at(values, 'days')) ?? 'any' },
      ...{ fenPerHour: Math.round(Number(at(values, 'perHour')) * 100), roundingMinutes: Number(at(values, 'rounding')) },
      ...{ minimumMinutes: Number(at(values, 'minimum')), from: at(values, 'from'), to: at(values, 'to') || null },
      // Zones that the site has no longer stand in no cell, and stay.
      zones: before && was && at(was, 'zones') === at(values, 'zones') ? before.zones : zones.idsOf(at(values, 'zones')),
    }
  }
  const today = directory.calendar.dateOf(now)

  /** What is wrong with a price beside all that would stand there with it. */
  const wrongWith = (line: Numbered & Change, price: Price, after: ReadonlyMap<string, Price & { line: number }>) => {
    const problems: (ImportProblem & { line: number })[] = []
    const say = (column: Value, code: ImportProblem['code'], about = '') =>
      problems.push({ line: line.line, column, code, about })
    if (isBackwards(price)) say('to', 'dates-backwards')
    const { told = false, ...was } = tariffOf(line.standing) ?? {}
    const broken = told ? keepsWord(was as Price, price, today) : null
    if (broken) say(broken === 'price-told' ? 'perHour' : 'to', broken)
    const clash = isBackwards(price) ? undefined : clashOf(price, [...after.values()])
    if (clash)
      say('zones', 'priced-already', clash.other.line > 0 ? String(clash.other.line) : textIn(language, clash.other.name))
    return problems
  }
  const kind: SheetKind = {
    columns: columnsOf(zones.read, language),
    complete: line => ({
      ...line,
      en: at(line, 'en') || at(line, 'name'),
      days: at(line, 'days') || textIn(language, dayKinds.any),
      zones: at(line, 'zones') || textIn(language, everyZone),
    }),
    standing,
    subject: line => JSON.stringify([keyOf(line), at(line, 'zones')]),
    subjects: stored.length,
    check(changes) {
      const after = new Map<string, Price & { line: number }>(stored.map(t => [t.id, { ...t, line: 0 }]))
      const prices = changes.map(c => ({ ...priceOf(c, tariffOf(c.standing)?.id ?? `line ${c.line}`), line: c.line }))
      for (const p of prices) after.set(p.id, p)
      const known = changes.map(c => ({ ...c, values: { ...c.values, id: tariffOf(c.standing)?.id ?? kind.subject(c.values) } }))
      return [
        ...twiceIn(known, 'name', line => line['id'] ?? ''),
        ...changes.flatMap((c, i) => (prices[i] ? wrongWith(c, prices[i], after) : [])),
      ]
    },
  }
  return {
    kind,
    lines: lines.map(x => x.line),
    template: [
      {
        ...{ name: textIn('zh', example), en: textIn('en', example), days: textIn(language, dayKinds.any), perHour: '' },
        ...{ rounding: '', minimum: '', from: today, to: '', zones: textIn(language, everyZone) },
      },
    ],
    state: JSON.stringify(stored),
    proves: true,
    async store(work, changes) {
      await saveTariffs(
        work,
        directory,
        changes.map(change => {
          const id = tariffOf(change.standing)?.id ?? null
          const { id: _, ...body } = priceOf(change, '')
          return { id, body }
        }),
      )
    },
  }
}

const example: Words = { zh: '超时空调', en: 'Overtime air' }
