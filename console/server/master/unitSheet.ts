import type { ImportProblem } from '#api/models/imports'
import { codes, type Language } from '#api/words/languages'
import { textIn } from '#api/words/text'
import { slug } from '#contract/names'
import type { Directory } from '../site/directory.ts'
import { type OwnUnit, ownUnitsIn } from '../site/units.ts'
import {
  type Change,
  type Column,
  type Line,
  type Numbered,
  narrow,
  plain,
  type SheetKind,
  textColumn,
  twiceIn,
} from './importPlan.ts'
import { placeNames } from './placeNames.ts'
import type { OpenSheet } from './sheet.ts'
import { newUnitId, saveUnits } from './units.ts'

/** Units as a table: a line for each. Those of the site file stand in it too, and are changed there alone. */

type Value = 'id' | 'name' | 'en' | 'floor'
const at = (line: Line, key: Value): string => line[key] ?? ''

const columnsOf = (floors: ReturnType<typeof placeNames>): Column[] => [
  {
    ...{ key: 'id', name: { zh: '单元编号', en: 'Unit id' } },
    read: t => (slug.safeParse(narrow(t)).success ? narrow(t) : { wrong: 'not-a-slug' }),
  },
  { key: 'name', name: { zh: '单元', en: 'Unit' }, needed: true, read: textColumn(40) },
  { key: 'en', name: { zh: '英文名', en: 'English name' }, read: textColumn(40) },
  {
    ...{ key: 'floor', name: { zh: '楼层', en: 'Floor' } },
    read(t) {
      const id = floors.idOf(t)
      return id === undefined ? { wrong: 'unknown-floor', about: t } : floors.shown(id)
    },
  },
]

const example = (language: Language): Line => ({
  ...{ id: '', name: textIn(language, { zh: '示例商铺 101', en: 'Example shop 101' }), en: 'Example shop 101', floor: '' },
})

export const openUnits: OpenSheet = async (db, language, { directory }) => {
  const own = await ownUnitsIn(db)
  const floors = placeNames(directory.site.floors, language)
  const ofSite = new Set(directory.site.units.map(u => u.id))
  const lineOf = ({ id, name, floor }: OwnUnit): Line => ({
    ...{ id, name: name.zh, en: name.en, floor: floor === null ? '' : floors.shown(floor) },
  })
  const lines = directory.units.map(lineOf)
  const byId = new Map(lines.map(l => [at(l, 'id'), l]))
  /** Of a name that two share neither is meant. */
  const byName = new Map<string, Line | null>()
  for (const l of lines) byName.set(plain(at(l, 'name')), byName.has(plain(at(l, 'name'))) ? null : l)
  const calledSo = (line: Line) => new Set((['id', 'name', 'en'] as const).map(k => plain(at(line, k))).filter(t => t !== ''))
  /** The ids that a name may mean. */
  const called = new Map<string, string[]>()
  for (const l of lines) for (const text of calledSo(l)) called.set(text, [...(called.get(text) ?? []), at(l, 'id')])
  const standingOf = (line: Line): Line | null =>
    byId.get(at(line, 'id')) ?? (at(line, 'id') === '' ? byName.get(plain(at(line, 'name'))) : undefined) ?? null
  const isChanged = ({ values, standing }: Change) =>
    standing === null || Object.keys(standing).some(k => standing[k] !== values[k])
  const kind: SheetKind = {
    columns: columnsOf(floors),
    complete(line) {
      const named = standingOf(line)
      // What a table leaves open of a unit of the site file is as it stands there.
      const there = named && ofSite.has(at(named, 'id')) ? named : null
      return {
        id: at(line, 'id') || (named ? at(named, 'id') : ''),
        name: at(line, 'name'),
        en: at(line, 'en') || (there ? at(there, 'en') : at(line, 'name')),
        floor: at(line, 'floor') || (there ? at(there, 'floor') : ''),
      }
    },
    standing: standingOf,
    subject: line => at(line, 'id'),
    subjects: lines.length,
    examples: codes.map(example),
    check(changes) {
      const touched = changes.filter(isChanged)
      const filled = (key: Value) => touched.filter(c => at(c.values, key) !== '')
      return [
        ...twiceIn(touched, 'name', line => plain(at(line, 'name'))),
        ...twiceIn(filled('en'), 'en', line => plain(at(line, 'en'))),
        ...twiceIn(filled('id'), 'id', line => at(line, 'id')),
        ...touched.flatMap(problemsOf),
      ]
    },
  }
  const problemsOf = ({ line, values, standing }: Numbered & Change): (ImportProblem & { line: number })[] => {
    if (standing && ofSite.has(at(standing, 'id'))) return [{ line, column: 'name', code: 'of-site-file', about: '' }]
    const own = at(standing ?? values, 'id')
    const other = [...calledSo(values)].flatMap(text => called.get(text) ?? []).find(id => id !== own)
    if (other !== undefined) return [{ line, column: 'name', code: 'unit-named', about: other }]
    if (standing === null && isPlace(directory, own)) return [{ line, column: 'id', code: 'unit-named', about: own }]
    return []
  }
  return {
    kind,
    lines,
    template: [example(language)],
    state: JSON.stringify(own),
    store: (work, changes) =>
      saveUnits(
        work,
        directory,
        changes.map(({ values }) => ({
          id: at(values, 'id') || newUnitId(),
          name: { zh: at(values, 'name'), en: at(values, 'en') },
          floor: at(values, 'floor') === '' ? null : (floors.idOf(at(values, 'floor')) ?? null),
        })),
      ),
  }
}

const isPlace = (directory: Directory, id: string) => id !== '' && directory.knowsPlace(id)
