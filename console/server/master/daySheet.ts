import type { CalendarDay } from '#api/models/duties'
import type { Language } from '#api/words/languages'
import { textIn } from '#api/words/text'
import { statutoryDays } from '../site/statutoryDays.ts'
import {
  type Change,
  type Column,
  choiceColumn,
  choiceIn,
  dayColumn,
  type Line,
  type SheetKind,
  textColumn,
  twiceIn,
} from './importPlan.ts'

/** Holidays and make-up workdays as a table: a line for each day. */

const kinds = { closed: { zh: '闭馆', en: 'closed' }, workday: { zh: '上班', en: 'workday' } } as const
const at = (line: Line, key: 'date' | 'kind' | 'zh' | 'en'): string => line[key] ?? ''

export const daySheet = (stored: readonly CalendarDay[], language: Language) => {
  const lineOf = ({ date, kind, name }: CalendarDay): Line => ({
    date,
    kind: textIn(language, kinds[kind]),
    zh: name.zh,
    en: name.en,
  })
  const lines = stored.map(lineOf)
  const byDate = new Map(lines.map(l => [at(l, 'date'), l]))
  const columns: Column[] = [
    { key: 'date', name: { zh: '日期', en: 'Date' }, needed: true, read: dayColumn },
    { key: 'kind', name: { zh: '类型', en: 'Kind' }, needed: true, read: choiceColumn(kinds, language) },
    { key: 'zh', name: { zh: '名称', en: 'Chinese name' }, needed: true, read: textColumn(40) },
    { key: 'en', name: { zh: '英文名称', en: 'English name' }, read: textColumn(60) },
  ]
  const kind: SheetKind = {
    columns,
    complete: line => ({ ...line, en: at(line, 'en') || at(line, 'zh') }),
    standing: line => byDate.get(at(line, 'date')) ?? null,
    subject: line => at(line, 'date'),
    subjects: lines.length,
    check: changes => twiceIn(changes, 'date', line => at(line, 'date')),
  }
  return {
    kind,
    lines,
    /** What the State Council has arranged, to be looked at day by day. */
    template: statutoryDays.map(lineOf),
    days: (changes: readonly Change[]): CalendarDay[] =>
      changes.map(({ values }) => ({
        date: at(values, 'date'),
        kind: choiceIn(kinds, at(values, 'kind')) ?? 'closed',
        name: { zh: at(values, 'zh'), en: at(values, 'en') },
      })),
  }
}
