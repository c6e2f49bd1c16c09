import { afterEach, beforeEach, expect, it } from 'vitest'
import { thingKind, thingsOf } from '../../console/server/engine/things/thingBook.ts'
import { openThings } from '../../console/server/engine/things/thingSheet.ts'
import { openImport } from '../../console/server/master/imports.ts'
import { TriedSite } from '../unit/settings/site.ts'

/** The site's own things of a kind come in from a table, and go out as one. */
let site: TriedSite
beforeEach(async () => {
  site = await TriedSite.open()
})
afterEach(() => site.close())

const of = (id: string) => thingKind(site.books.manual, id)
const sheets = (id: string) =>
  openImport({ ...site.books, wall: () => site.now }, `things-${id}`, openThings(site.books.engine.around, of(id)))
const actor = { id: 'head', display: 'head', station: 't', proven: true }
const bring = async (id: string, lines: string[], language: 'zh' | 'en' = 'zh') => {
  const bytes = Buffer.from(`\ufeff${lines.join('\r\n')}`)
  const taking = sheets(id)
  const { preview } = await taking.take(actor, { bytes, language, digest: undefined })
  const stored = async () => (await taking.take(actor, { bytes, language, digest: preview.digest })).stored
  return { preview, stored }
}
/** In the order in which they were made. */
const forms = async (id: string) => (await thingsOf(site.db, of(id))).sort((a, b) => (a.id < b.id ? -1 : 1)).map(t => t.form)

it('new ones are shown, then stored together; the same table again changes nothing', async () => {
  const table = ['车牌,车主,电话,单位、房号,停车证', '沪A·1,陈立,138,12F 东,P-1', '沪B·2,林女士,,,']
  const { preview, stored } = await bring('vehicle', table)
  expect(preview.counts).toMatchObject({ new: 2, changed: 0, wrong: 0 })
  expect(await forms('vehicle')).toEqual([])
  expect(await stored()).toBe(true)
  expect(await forms('vehicle')).toEqual([
    { plate: '沪A·1', owner: '陈立', phone: '138', place: 'f12-e', permit: 'P-1' },
    { plate: '沪B·2', owner: '林女士' },
  ])
  expect(site.books.directory.things.map(t => t.name)).toEqual(['沪A·1 陈立', '沪B·2 林女士'])
  const again = await bring('vehicle', table)
  expect(again.preview.counts).toMatchObject({ new: 0, changed: 0, same: 2, elsewhere: 0 })
})

it('what changes is shown beside what was; what the table leaves out stays, and what it does not name as well', async () => {
  await (await bring('vehicle', ['车牌,车主,停车证', '沪A·1,陈立,P-1', '沪B·2,林女士,P-2'])).stored()
  const { preview, stored } = await bring('vehicle', ['Number plate,Owner', '沪a·1,陈立华'], 'en')
  expect(preview.counts).toMatchObject({ changed: 1, elsewhere: 1 })
  await stored()
  expect(await forms('vehicle')).toEqual([
    { plate: '沪a·1', owner: '陈立华', permit: 'P-1' },
    { plate: '沪B·2', owner: '林女士', permit: 'P-2' },
  ])
})

it('each cell that is wrong is named, and nothing is stored', async () => {
  const { preview, stored } = await bring('vehicle', [
    '车牌,车主,单位、房号',
    '沪A·1,,',
    '沪B·2,林,没有的房间',
    '沪C·3,王,',
    '沪c·3,李,',
  ])
  expect(preview.rows.filter(r => r.what === 'wrong').map(r => [r.line, r.problems.map(p => [p.column, p.code])])).toEqual([
    [2, [['owner', 'missing']]],
    [3, [['place', 'unknown-unit']]],
    [5, [['plate', 'twice']]],
  ])
  await expect(stored()).rejects.toMatchObject({ code: 'import-wrong' })
  expect(await forms('vehicle')).toEqual([])
})

it('choices, devices, sums and ticks are written in words, in either language, and go out as they came in', async () => {
  const lanes = ['车道,道闸,进出', '入口 A,入口 A 道闸,进', '出口 A,gate-out-a,Out']
  await (await bring('lane', lanes)).stored()
  expect(await forms('lane')).toMatchObject([
    { name: '入口 A', barrier: 'gate-in-a', way: 'in' },
    { name: '出口 A', barrier: 'gate-out-a', way: 'out' },
  ])
  for (const language of ['zh', 'en'] as const)
    for (const kind of site.books.manual.things) {
      const sheet = await sheets(kind.id).sheetOf(language)
      const line = sheet.lines[0]
      if (line) expect(sheet.kind.standing(line)).toEqual(line)
      expect(sheet.kind.columns.find(c => c.key === kind.code)?.needed, kind.id).toBe(true)
    }
})
