import type { ImportProblem } from '#api/models/imports'
import type { Tenancy, TenantContact, TenantFile } from '#api/models/tenants'
import { tenantId } from '#api/models/tenants'
import { codes, type Language } from '#api/words/languages'
import { textIn } from '#api/words/text'
import { isBackwards, overlap } from '../domain/dateRanges.ts'
import type { Directory } from '../site/directory.ts'
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
  type SheetKind,
  textColumn,
  twiceIn,
  yesNo,
} from './importPlan.ts'
import { type PlaceNames, placeNames } from './placeNames.ts'

/** Tenants and owners as a table: a line for each unit that one has, or one line without a unit (R51). */

const relations = { lease: { zh: '租户', en: 'tenant' }, owner: { zh: '业主', en: 'owner' } } as const
/** What a line says of the tenant himself: it must be the same on each of his lines. */
const ofTenant = ['name', 'short', 'contact', 'phone', 'urgent', 'urgentPhone', 'key', 'restriction'] as const

type Value = (typeof ofTenant)[number] | 'id' | 'unit' | 'relation' | 'from' | 'to'
const at = (line: Line, key: Value): string => line[key] ?? ''

const columnsOf = (units: PlaceNames, language: Language): Column[] => {
  const column = (key: Value, zh: string, en: string, read: Column['read'], needed = false): Column => ({
    ...{ key, name: { zh, en }, read, needed },
  })
  return [
    column(
      'id',
      '客户编号',
      'Customer no.',
      t => (tenantId.safeParse(narrow(t)).success ? narrow(t) : { wrong: 'not-a-name' }),
      true,
    ),
    column('name', '客户名称', 'Name', textColumn(80), true),
    column('short', '简称', 'Short name', textColumn(40)),
    column('unit', '单元', 'Unit', text => {
      const id = units.idOf(text)
      return id === undefined ? { wrong: 'unknown-unit', about: text } : units.shown(id)
    }),
    column('relation', '关系', 'Relation', choiceColumn(relations, language)),
    column('from', '起租日', 'From', dayColumn),
    column('to', '到期日', 'To', dayColumn),
    column('contact', '联系人', 'Contact', textColumn(40)),
    column('phone', '电话', 'Phone', phoneColumn),
    column('urgent', '紧急联系人', 'Emergency contact', textColumn(40)),
    column('urgentPhone', '紧急电话', 'Emergency phone', phoneColumn),
    column('key', '重点客户', 'Key customer', choiceColumn(yesNo, language)),
    column('restriction', '放行限制', 'Release restriction', textColumn(200)),
  ]
}

/** A line that shows how the others are filled in. */
const exampleOf = (unit: string, language: Language): Line => {
  const word = (zh: string, en: string) => textIn(language, { zh, en })
  return {
    ...{ id: 'A001', name: word('示例科技有限公司', 'Example Technology Ltd.'), short: word('示例科技', 'Example') },
    ...{ unit, relation: textIn(language, relations.lease), from: '2026-01-01', to: '2027-12-31' },
    ...{
      contact: word('张三', 'Zhang San'),
      phone: '138 0000 0000',
      urgent: word('李四', 'Li Si'),
      urgentPhone: '139 0000 0000',
    },
    ...{ key: textIn(language, yesNo.no), restriction: '' },
  }
}

const urgentOf = (file: TenantFile) => file.contacts.slice(1).find(c => c.may.includes('urgent'))

/** The lines that a file is written as. */
const linesOf = (file: TenantFile, units: PlaceNames, language: Language): Line[] => {
  const urgent = urgentOf(file)
  const own = {
    ...{ id: file.id, name: file.name, short: file.short },
    ...{ contact: file.contacts[0]?.name ?? '', phone: file.contacts[0]?.phone ?? '' },
    ...{ urgent: urgent?.name ?? '', urgentPhone: urgent?.phone ?? '' },
    ...{ key: textIn(language, file.key ? yesNo.yes : yesNo.no), restriction: file.restriction },
  }
  const none = { ...own, unit: '', relation: '', from: '', to: '' }
  if (file.tenancies.length === 0) return [none]
  return file.tenancies.map(t => ({
    ...own,
    ...{ unit: units.shown(t.unit), relation: textIn(language, relations[t.kind]), from: t.from ?? '', to: t.to ?? '' },
  }))
}

/** A table of tenants beside the files as they are stored. */
export const tenantSheet = (directory: Directory, stored: readonly TenantFile[], language: Language) => {
  const units = placeNames(directory.units, language)
  const lines = new Map(stored.map(f => [f.id, linesOf(f, units, language)]))
  /** The tenant himself, whatever units he has: what a line without a unit means, or one with a unit that he gets. */
  const bare = new Map([...lines].map(([id, own]) => [id, { ...own[0], unit: '', relation: '', from: '', to: '' } as Line]))
  const [unit] = directory.units
  const exampleIn = (l: Language) => exampleOf(unit ? textIn(l, unit.name) : '', l)
  const kind: SheetKind = {
    columns: columnsOf(units, language),
    complete: line => ({
      ...line,
      short: at(line, 'short') || at(line, 'name').slice(0, 40),
      relation: at(line, 'unit') === '' ? '' : at(line, 'relation') || textIn(language, relations.lease),
      key: at(line, 'key') || textIn(language, yesNo.no),
    }),
    subject: line => at(line, 'id'),
    subjects: stored.length,
    standing(line) {
      const here = (lines.get(at(line, 'id')) ?? []).filter(x => at(x, 'unit') === at(line, 'unit') && at(line, 'unit') !== '')
      const from = at(line, 'from')
      // Whoever has left a unit and is back has it a second time.
      const same = here.find(x => at(x, 'from') === from) ?? here.find(x => at(x, 'to') === '' || at(x, 'to') >= from)
      return same ?? bare.get(at(line, 'id')) ?? null
    },
    check: changes => checkTenants(changes, lines),
    examples: codes.map(exampleIn),
  }
  return {
    kind,
    lines: [...lines.values()].flat(),
    template: [exampleIn(language)],
    files: (changes: readonly Change[]) => filesAfter(changes, stored, units),
  }
}

const checkTenants = (
  changes: readonly (Numbered & Change)[],
  stored: ReadonlyMap<string, readonly Line[]>,
): (ImportProblem & { line: number })[] => {
  const found: (ImportProblem & { line: number })[] = []
  const firstOf = new Map<string, Numbered>()
  for (const c of changes) {
    const { line, values } = c
    const first = firstOf.get(at(values, 'id'))
    if (!first) firstOf.set(at(values, 'id'), c)
    for (const key of first ? ofTenant : [])
      if (at(first?.values ?? values, key) !== at(values, key))
        found.push({ line, column: key, code: 'differs', about: String(first?.line ?? '') })
    const range = rangeOf(values)
    if (isBackwards(range)) found.push({ line, column: 'to', code: 'dates-backwards', about: '' })
    if (at(values, 'urgentPhone') !== '' && at(values, 'urgent') === '')
      found.push({ line, column: 'urgent', code: 'missing', about: '' })
  }
  const placeOf = (line: Line) => JSON.stringify([at(line, 'id'), at(line, 'unit'), at(line, 'from')])
  return [...found, ...twiceIn(changes, 'unit', placeOf), ...takenUnits(changes, stored)]
}

const rangeOf = (line: Line) => ({ from: at(line, 'from') || null, to: at(line, 'to') || null })
const relationOf = (line: Line) => choiceIn(relations, at(line, 'relation')) ?? 'lease'

/** Two who would have a unit at once: of those in the table the later line is told, with who else has it. */
const takenUnits = (changes: readonly (Numbered & Change)[], stored: ReadonlyMap<string, readonly Line[]>) => {
  const replaced = new Set(changes.map(c => c.standing))
  const wishes = changes.filter(c => at(c.values, 'unit') !== '')
  const standing = [...stored.values()].flat().filter(l => at(l, 'unit') !== '' && !replaced.has(l))
  type Claim = { from: string | null; to: string | null; line: number; who: string }
  const claims = new Map<string, Claim[]>()
  const claim = (values: Line, line: number) => {
    const key = `${relationOf(values)} ${at(values, 'unit')}`
    const list = claims.get(key) ?? []
    list.push({ ...rangeOf(values), line, who: at(values, 'short') })
    claims.set(key, list)
  }
  for (const l of standing) claim(l, 0)
  for (const w of wishes) claim(w.values, w.line)
  const found: (ImportProblem & { line: number })[] = []
  for (const list of claims.values())
    for (const [i, b] of list.entries()) {
      const a = b.line === 0 ? undefined : list.slice(0, i).find(x => overlap(x, b))
      if (a) found.push({ line: b.line, column: 'unit', code: 'unit-taken', about: a.line === 0 ? a.who : `${a.line}` })
    }
  return found
}

/** The files as they are once the lines are taken over: what a table cannot say of them stays. */
const filesAfter = (changes: readonly Change[], stored: readonly TenantFile[], units: PlaceNames): TenantFile[] => {
  const files = new Map<string, TenantFile>()
  const known = new Map(stored.map(f => [f.id, f]))
  const tenancyOf = (line: Line): Tenancy => ({
    ...{ unit: units.idOf(at(line, 'unit')) ?? '', kind: relationOf(line), ...rangeOf(line) },
  })
  for (const { values, standing } of changes) {
    const id = at(values, 'id')
    const was = files.get(id) ?? known.get(id)
    const before = standing && at(standing, 'unit') !== '' ? JSON.stringify(tenancyOf(standing)) : null
    const kept = (was?.tenancies ?? []).filter(({ unit, kind, from, to }) => JSON.stringify({ unit, kind, from, to }) !== before)
    files.set(id, {
      id,
      name: at(values, 'name'),
      short: at(values, 'short'),
      key: choiceIn(yesNo, at(values, 'key')) === 'yes',
      restriction: at(values, 'restriction'),
      contacts: contactsAfter(values, was),
      tenancies: at(values, 'unit') === '' ? kept : [...kept, tenancyOf(values)],
    })
  }
  return [...files.values()]
}

const contactsAfter = (line: Line, was: TenantFile | undefined): TenantContact[] => {
  const first = { may: [], ...was?.contacts[0], name: at(line, 'contact'), phone: at(line, 'phone') }
  const urgent = was && urgentOf(was)
  const others = (was?.contacts.slice(1) ?? []).filter(c => c !== urgent)
  const called: TenantContact[] =
    at(line, 'urgent') === '' ? [] : [{ may: ['urgent'], ...urgent, name: at(line, 'urgent'), phone: at(line, 'urgentPhone') }]
  return [...(first.name === '' ? [] : [first]), ...called, ...others]
}
