import type { ImportProblem } from '#api/models/imports'
import type { Language } from '#api/words/languages'
import { textIn } from '#api/words/text'
import { slug } from '#contract/names'
import type { Directory } from '../site/directory.ts'
import { type OwnUnit, ownUnitsIn } from '../site/units.ts'
import { type Column, type Line, type Numbered, plain, type SheetKind, textColumn, twiceIn } from './importPlan.ts'
import { placeNames } from './placeNames.ts'
import type { OpenSheet } from './sheet.ts'
import { newUnitId, saveUnits } from './units.ts'

/** Units as a table: a line for each. Those of the site file stand in it too, and are changed there alone. */

type Value = 'id' | 'name' | 'en' | 'floor'
const at = (line: Line, key: Value): string => line[key] ?? ''

const columnsOf = (floors: ReturnType<typeof placeNames>): Column[] => [
  {
    ...{ key: 'id', name: { zh: '单元编号', en: 'Unit id' } },
    read: t => (slug.safeParse(t).success ? t : { wrong: 'not-a-slug' }),
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
  const byName = new Map(lines.map(l => [plain(at(l, 'name')), l]))
  const standingOf = (line: Line): Line | null =>
    byId.get(at(line, 'id')) ?? (at(line, 'id') === '' ? byName.get(plain(at(line, 'name'))) : undefined) ?? null
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
    example: example(language),
    check: changes => [
      ...twiceIn(changes, 'name', line => plain(at(line, 'name'))),
      ...twiceIn(
        changes.filter(c => at(c.values, 'id') !== ''),
        'id',
        line => at(line, 'id'),
      ),
      ...changes.flatMap(({ line, values, standing }) => problemsOf({ line, values }, standing)),
    ],
  }
  const problemsOf = ({ line, values }: Numbered, standing: Line | null): (ImportProblem & { line: number })[] => {
    const changed = standing !== null && Object.keys(standing).some(k => standing[k] !== values[k])
    if (standing && changed && ofSite.has(at(standing, 'id'))) return [{ line, column: 'name', code: 'of-site-file', about: '' }]
    const other = byName.get(plain(at(values, 'name')))
    if (other && at(other, 'id') !== at(standing ?? values, 'id'))
      return [{ line, column: 'name', code: 'unit-named', about: at(other, 'id') }]
    if (standing === null && isPlace(directory, at(values, 'id')))
      return [{ line, column: 'id', code: 'unit-named', about: at(values, 'id') }]
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
