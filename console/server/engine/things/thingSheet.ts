import type { ImportProblem } from '#api/models/imports'
import { codes, type Language } from '#api/words/languages'
import { textIn } from '#api/words/text'
import type { Words } from '#contract/names'
import {
  type Change,
  type Column,
  choiceColumn,
  choiceIn,
  dayColumn,
  type Line,
  type Numbered,
  narrow,
  phoneColumn,
  plain,
  type SheetKind,
  twiceIn,
  yesNo,
} from '../../master/importPlan.ts'
import { placeNames } from '../../master/placeNames.ts'
import type { OpenSheet } from '../../master/sheet.ts'
import type { Directory } from '../../site/directory.ts'
import type { Manual } from '../chapter.ts'
import type { Field, FieldKind, Form } from '../field.ts'
import { formSchema } from '../formSchema.ts'
import type { ThingKind } from './thing.ts'
import { saveThings, thingsOf } from './thingBook.ts'

/** The site's own things of a kind as a table: a line for each, told apart by their code. */

type Cell = { column: Column; shown(value: unknown): string; value(text: string): unknown }
const text = (value: unknown) => (value === undefined || value === null ? '' : String(value))

/** How a field stands in a cell; undefined for what no table has: such fields keep what they say. */
const cellOf = (f: Field, language: Language, { site, units }: Directory): Cell | undefined => {
  const named = { key: f.key, name: f.label, needed: !f.schema.safeParse(undefined).success && f.kind !== 'flag' }
  const asIt = (read: Column['read']): Cell => ({ column: { ...named, read }, shown: text, value: t => t })
  const byName = (places: readonly { id: string; name: Words }[], wrong: 'unknown-unit' | 'unknown-device'): Cell => {
    const names = placeNames(places, language)
    return {
      column: {
        ...named,
        read(t) {
          const id = names.idOf(t)
          return id === undefined ? { wrong } : names.shown(id)
        },
      },
      shown: v => (v === undefined ? '' : names.shown(String(v))),
      value: t => names.idOf(t),
    }
  }
  const cells: Partial<Record<FieldKind, () => Cell>> = {
    text: () => asIt(t => t),
    long: () => asIt(t => t),
    person: () => asIt(t => t),
    phone: () => asIt(phoneColumn),
    date: () => asIt(dayColumn),
    unit: () => byName([...site.zones, ...units, ...site.floors], 'unknown-unit'),
    device: () => byName(site.devices, 'unknown-device'),
    flag: () => ({
      column: { ...named, read: choiceColumn(yesNo, language) },
      shown: v => textIn(language, v === true ? yesNo.yes : yesNo.no),
      value: t => choiceIn(yesNo, t) === 'yes',
    }),
    money: () => ({
      column: {
        ...named,
        read: t => (/^\d{1,8}([.]\d{1,2})?$/.test(narrow(t)) ? Number(narrow(t)).toFixed(2) : { wrong: 'not-a-price' }),
      },
      shown: v => (typeof v === 'number' ? (v / 100).toFixed(2) : ''),
      value: t => Math.round(Number(t) * 100),
    }),
    choice: () => {
      const choices = Object.fromEntries((f.choices ?? []).map(c => [c.value, c.label]))
      return {
        column: { ...named, read: choiceColumn(choices, language) },
        shown: v => (choices[String(v)] ? textIn(language, choices[String(v)] as Words) : ''),
        value: t => choiceIn(choices, t),
      }
    },
  }
  return cells[f.kind]?.()
}

/** A line that shows how others are filled in, and means nothing. */
const example = (kind: ThingKind, cells: readonly Cell[], language: Language): Line =>
  Object.fromEntries(
    cells.map(({ column }) => {
      const choices = kind.fields.find(f => f.key === column.key)?.choices
      const said = column.key === kind.code ? textIn(language, { zh: '示例', en: 'Example' }) : ''
      return [column.key, choices?.[0] ? textIn(language, choices[0].label) : said]
    }),
  )

export const openThings =
  (around: { manual: Manual; directory: Directory }, kind: ThingKind): OpenSheet =>
  async (db, language, { directory }) => {
    const cells = kind.fields.flatMap(f => cellOf(f, language, directory) ?? [])
    const things = (await thingsOf(db, kind)).filter(t => t.endedAt === null)
    const lineOf = (form: Form): Line => Object.fromEntries(cells.map(c => [c.column.key, c.shown(form[c.column.key])]))
    const lines = things.map(t => lineOf(t.form))
    const codeOf = (line: Line) => plain(line[kind.code] ?? '')
    const byCode = new Map(things.map((t, i) => [plain(t.code), { thing: t, line: lines[i] ?? {} }]))
    /** What no table has of one that stands here stays as it is. */
    const formOf = ({ values, standing }: Change): Form => {
      const known = standing ? byCode.get(codeOf(standing))?.thing.form : undefined
      const said = cells.flatMap(({ column, value }) => {
        const cell = values[column.key] ?? ''
        return [[column.key, cell === '' ? undefined : value(cell)] as const]
      })
      return Object.fromEntries(Object.entries({ ...known, ...Object.fromEntries(said) }).filter(([, v]) => v !== undefined))
    }
    const problemsOf = (c: Numbered & Change): (ImportProblem & { line: number })[] => {
      const parsed = formSchema(kind.fields).safeParse(formOf(c))
      return (parsed.error?.issues ?? []).map(i => {
        const column = String(i.path[0] ?? kind.code)
        return { line: c.line, column, code: i.code === 'too_big' ? 'too-long' : 'missing', about: '' }
      })
    }
    const sheet: SheetKind = {
      columns: cells.map(c => c.column),
      standing: line => byCode.get(codeOf(line))?.line ?? null,
      complete: line => ({ ...line, ...Object.fromEntries(cells.flatMap(c => emptyFlag(c, line, language))) }),
      subject: codeOf,
      subjects: lines.length,
      examples: codes.map(code => example(kind, cells, code)),
      check: changes => [...twiceIn(changes, kind.code, codeOf), ...changes.flatMap(problemsOf)],
    }
    return {
      kind: sheet,
      lines,
      template: [example(kind, cells, language)],
      state: JSON.stringify(things),
      store: (work, changes) =>
        saveThings(
          work,
          around,
          kind,
          changes.map(c => ({ id: c.standing ? (byCode.get(codeOf(c.standing))?.thing.id ?? null) : null, form: formOf(c) })),
        ),
    }
  }

/** What is ticked or not is not when nothing is said. */
const emptyFlag = ({ column, shown, value }: Cell, line: Line, language: Language): [string, string][] =>
  (line[column.key] ?? '') === '' && value(textIn(language, yesNo.no)) === false ? [[column.key, shown(false)]] : []
