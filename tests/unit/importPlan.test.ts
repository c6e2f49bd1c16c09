import { describe, expect, it } from 'vitest'
import writeExcel from 'write-excel-file/node'
import {
  type Column,
  dayColumn,
  letterOf,
  planImport,
  type SheetKind,
  textColumn,
} from '../../console/server/master/importPlan.ts'
import { readGrid } from '../../console/server/master/sheetFile.ts'

const column = (key: string, zh: string, read: Column['read'], needed = false): Column => ({
  ...{ key, name: { zh, en: key }, read, needed },
})
const stored = [
  { no: 'A1', name: '甲', from: '2026-01-01' },
  { no: 'A2', name: '乙', from: '' },
]
const kind: SheetKind = {
  columns: [
    column('no', '编号', textColumn(4), true),
    column('name', '名称', textColumn(3), true),
    column('from', '起', dayColumn),
  ],
  complete: line => line,
  standing: line => stored.find(s => s.no === line['no']) ?? null,
  subject: line => line['no'] ?? '',
  subjects: stored.length,
  check: changes =>
    changes.filter(c => c.values['name'] === '丁').map(c => ({ line: c.line, column: 'name', code: 'differs', about: '2' })),
}
const plan = (...grid: string[][]) => planImport(grid, kind)

describe('what a table would change', () => {
  it('is told line by line: new, changed with what stands there now, the same; what is not in the table is counted', () => {
    const { preview, changes } = plan(['编号', '名称', '起'], ['A1', '甲', '2026/1/1'], ['A3', '丙', ''])
    expect(preview.counts).toEqual({ new: 1, changed: 0, same: 1, wrong: 0, elsewhere: 1 })
    expect(preview.rows).toMatchObject([{ line: 3, what: 'new', cells: ['A3', '丙', ''] }])
    expect(changes).toEqual([{ values: { no: 'A3', name: '丙', from: '' }, standing: null }])
    const renamed = plan(['编号', '名称', '起'], ['A1', '甲甲', '2026-01-01']).preview
    expect(renamed.rows).toMatchObject([{ line: 2, what: 'changed', was: [null, '甲', null] }])
  })

  it('is every error at once, by line and column, the wrong lines first; a wrong line changes nothing', () => {
    const { preview, changes } = plan(
      ['起', '编号', '名称'],
      ['', 'A3', '丙'],
      ['2026-02-30', 'A4567', ''],
      ['', '', ''],
      ['', 'A5', '丁'],
    )
    expect(preview.rows.map(r => [r.line, r.problems.map(p => `${p.column} ${p.code}`)])).toEqual([
      [3, ['no too-long', 'name missing', 'from not-a-date']],
      [5, ['name differs']],
      [2, []],
    ])
    expect(preview.columns.map(c => `${c.letter} ${c.key}`)).toEqual(['B no', 'C name', 'A from'])
    expect(changes.map(c => c.values['no'])).toEqual(['A3'])
  })

  it('leaves a column alone that the table does not have, asks for one that it must have, and names what it does not read', () => {
    expect(plan(['编号', '名称'], ['A1', '甲']).preview.counts).toMatchObject({ same: 1, changed: 0 })
    expect(plan(['编号', '名称', '起'], ['A1', '甲', '']).preview.counts).toMatchObject({ same: 0, changed: 1 })
    expect(plan(['编号'], ['A1']).preview.rows).toMatchObject([{ problems: [{ column: 'name', code: 'missing' }] }])
    expect(plan(['No ', 'NAME*', '备注'], ['A1', '甲', 'x']).preview).toMatchObject({ unread: ['备注'], counts: { same: 1 } })
  })

  it('has a digest of what would be stored, whatever else the table says', () => {
    const digest = (...grid: string[][]) => plan(...grid).preview.digest
    const one = digest(['编号', '名称'], ['A3', '丙'])
    expect(digest(['名称', '编号', '备注'], ['丙', 'A3', 'x'])).toBe(one)
    expect(digest(['编号', '名称'], ['A3', '丁丁'])).not.toBe(one)
  })

  it('counts columns as sheets do', () =>
    expect([0, 25, 26, 51, 52, 701, 702].map(letterOf)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA']))
})

describe('a table as a file', () => {
  const refused = (bytes: Uint8Array) => readGrid(bytes).catch(e => e.code)
  it('is Excel, with days and numbers as what they are', async () => {
    const row = [
      { value: new Date('2026-03-01T00:00:00Z'), type: Date, format: 'yyyy-mm-dd' },
      { value: 13_800_000_000, type: Number },
      { value: ' 甲　', type: String },
      null,
      { value: true, type: Boolean },
    ]
    expect(await readGrid(await writeExcel([row as never]).toBuffer())).toEqual([['2026-03-01', '13800000000', '甲', '', 'true']])
  })

  it('is CSV in UTF-8 or as Excel writes it in China, with any of its separators', async () => {
    expect(await readGrid(Buffer.from('\uFEFF编号,名称\r\nA1,"甲,乙"\r\n'))).toEqual([
      ['编号', '名称'],
      ['A1', '甲,乙'],
    ])
    // 甲 in GB18030.
    expect(await readGrid(Buffer.from([0x41, 0x3b, 0xbc, 0xd7, 0x0a]))).toEqual([['A', '甲']])
    expect(await readGrid(Buffer.from('a\tb\n'))).toEqual([['a', 'b']])
  })

  it('is refused where it is none, or is made to fill the memory', async () => {
    expect(await refused(Buffer.from(''))).toBe('not-a-sheet')
    expect(await refused(Buffer.from('PK\u0003\u0004 nothing'))).toBe('not-a-sheet')
    // One entry at 4 that claims four gigabytes, and the end of the directory at 50.
    const claim = Buffer.alloc(72)
    claim.write('PK')
    claim.writeUInt32LE(0x02014b50, 4)
    claim.writeUInt32LE(0xf0000000, 28)
    claim.writeUInt32LE(0x06054b50, 50)
    claim.writeUInt16LE(1, 60)
    claim.writeUInt32LE(4, 66)
    expect(await refused(claim)).toBe('too-large')
    expect(await refused(Buffer.from('a\n'.repeat(20_001)))).toBe('too-large')
  })
})
