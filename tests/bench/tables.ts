import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCalendar } from '#program/localCalendar'
import { openBooks } from '../../console/server/books/books.ts'
import { unitOfWork } from '../../console/server/books/unitOfWork.ts'
import { plainXlsx } from '../../console/server/export/xlsx.ts'
import { openImport } from '../../console/server/master/imports.ts'
import { openTenants } from '../../console/server/master/sheets.ts'
import { tenantFilesIn } from '../../console/server/master/tenantFiles.ts'
import { openUnits } from '../../console/server/master/unitSheet.ts'
import { Directory } from '../../console/server/site/directory.ts'
import { demoSite } from '../harness/demoBuilding.ts'

/**
 * `npm run bench:tables [COUNT]`: a table of that many units and one of as many tenants, each with a unit of his own, are looked at,
 * stored, and brought once more. Beside it how long the console could not have answered anything else, and how long a small write of the books had to wait.
 */
const count = Number(process.argv[2] ?? 10_000)
const limitMs = 30_000

const directory = new Directory({ ...demoSite, units: [] }, openCalendar(demoSite.timeZone))
const folder = mkdtempSync(join(tmpdir(), 'zhiban-tables-'))
const books = await openBooks(join(folder, 'books.db'))
const unit = unitOfWork(books, Date.now, () => {})
const parts = { books, unit, directory, wall: Date.now }
const tenants = openImport(parts, 'tenants', openTenants)
const units = openImport(parts, 'units', openUnits)
const who = { id: 'u', display: '李娜', station: 'bench' }
const head = ['客户编号', '客户名称', '单元', '起租日', '联系人', '电话', '紧急联系人', '紧急电话']
const lines = Array.from({ length: count }, (_, i) => [
  ...[`K${i}`, `第${i}有限公司`, `${i} 室`, '2026-01-01', `联系人${i}`, `138${String(i).padStart(8, '0')}`, `家人${i}`, '139'],
])
const bytes = await plainXlsx([head, ...lines])
const rooms = await plainXlsx([['单元编号', '单元'], ...Array.from({ length: count }, (_, i) => [`u${i}`, `${i} 室`])])

/** Does something, and watches meanwhile what else would have had to wait. */
const watched = async (what: string, act: () => Promise<unknown>) => {
  let stall = 0
  let last = performance.now()
  const beat = setInterval(() => {
    const now = performance.now()
    stall = Math.max(stall, now - last)
    last = now
  }, 1)
  let going = true
  let wait = 0
  const writer = (async () => {
    while (going) {
      const asked = performance.now()
      await books.write(tx => tx.updateTable('room').set({ id: 1 }).where('id', '=', 1).execute())
      wait = Math.max(wait, performance.now() - asked)
      await new Promise(done => setTimeout(done, 20))
    }
  })()
  const began = performance.now()
  await act()
  const ms = performance.now() - began
  clearInterval(beat)
  going = false
  await writer
  process.stdout.write(
    `${what.padEnd(20)} ${ms.toFixed(0)} ms; nothing else went on for ${stall.toFixed(0)} ms, a write waited ${wait.toFixed(0)} ms at most\n`,
  )
  return ms
}

let total = 0
/** Brings a table: looked at, stored, and once more. */
const bring = async (what: string, kind: typeof tenants, table: Uint8Array) => {
  let digest = ''
  total += await watched(`${what}, looked at`, async () => {
    const { preview } = await kind.take(who, { bytes: table, language: 'zh', digest: undefined })
    if (preview.counts.new !== count) throw new Error(`not all new: ${JSON.stringify(preview.counts)}`)
    digest = preview.digest
  })
  total += await watched(`${what}, stored`, () => kind.take(who, { bytes: table, language: 'zh', digest }))
  await watched(`${what}, again`, async () => {
    const { preview } = await kind.take(who, { bytes: table, language: 'zh', digest: undefined })
    if (preview.counts.same !== count) throw new Error(`not the same: ${JSON.stringify(preview.counts)}`)
  })
}
try {
  await bring('units', units, rooms)
  await bring('tenants', tenants, bytes)
  const stored = await tenantFilesIn(books.read)
  if (stored.length !== count || stored.some(f => f.tenancies.length !== 1)) throw new Error('not all are stored')
} finally {
  await books.close()
  rmSync(folder, { recursive: true, force: true })
}
process.stdout.write(
  `${count} tenants and units: ${(total / 1000).toFixed(1)} s to look and store, limit ${limitMs / 1000} s: ${total <= limitMs ? 'kept' : 'MISSED'}\n`,
)
process.exitCode = total <= limitMs ? 0 : 1
