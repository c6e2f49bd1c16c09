import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { User } from '#api/models/people'
import type { TenantFile } from '#api/models/tenants'
import { attach } from '../../console/server/attachments/attachmentBook.ts'
import { openAttachmentFiles } from '../../console/server/attachments/attachmentFiles.ts'
import { system } from '../../console/server/books/audit.ts'
import type { Desk } from '../../console/server/desk/desk.ts'
import { erasedText, eraseOld } from '../../console/server/desk/erasure.ts'
import { find } from '../../console/server/desk/finding.ts'
import { eraseOldFiles } from '../../console/server/desk/oldFiles.ts'
import { addSeal } from '../../console/server/master/seals.ts'
import { saveTenant, tenantFilesIn } from '../../console/server/master/tenantFiles.ts'
import { days, TriedSite, who } from '../unit/settings/site.ts'

/** What is kept of customers goes when its time is over, everywhere, and the books still prove themselves (they do when they close). */
const number = '13812345678'
const customer = '欧阳建国'
let site: TriedSite
let caseId: string
let openId: string
const order = { address: 'f5-w', content: '漏水', contact: customer, phone: number, kind: 'repair' }
const desk = () => ({ ...site.books, rules: site.books.rules, wall: () => site.now }) as unknown as Desk
const everything = async () => {
  const tables = ['case_file', 'history', 'register_entry', 'sent_form', 'search_index'] as const
  const rows = await Promise.all(tables.map(t => site.db.selectFrom(t).selectAll().execute()))
  return JSON.stringify(rows)
}
const count = (text: string, of: string) => text.split(of).length - 1
const searched = async (q: string) => (await find(desk(), who('head') as unknown as User, q, 20)).map(f => f.record)
beforeEach(async () => {
  site = await TriedSite.open()
  caseId = (await site.open('desk', 'repair', order)).id
  await site.act('engineer', caseId, 'accept')
  await site.act('engineer', caseId, 'finish', { result: '已修好' })
  openId = (await site.open('desk', 'repair', { ...order, content: '灯不亮' })).id
  await site.books.books.write(tx => tx.updateTable('case_file').set({ ended_at: site.now }).where('id', '=', caseId).execute())
})
afterEach(() => site.close())

it('is erased from form, steps, history and search of what ended long enough ago, and from nothing else', async () => {
  await site.set('personal-kept-cases', 30)
  expect(await eraseOld(desk())).toBe(0)
  site.now += days(31)
  const before = count(await everything(), number)
  expect(await searched(number)).toContain(caseId)
  expect(await eraseOld(desk())).toBe(1)
  expect(await eraseOld(desk())).toBe(0)
  const row = await site.db.selectFrom('case_file').selectAll().where('id', '=', caseId).executeTakeFirstOrThrow()
  expect(JSON.parse(row.form_json)).toMatchObject({ contact: erasedText, phone: erasedText, content: '漏水' })
  const history = await site.db.selectFrom('history').selectAll().where('record', '=', caseId).execute()
  expect(JSON.stringify(history)).not.toContain(number)
  expect(JSON.stringify(history)).not.toContain(customer)
  expect(await searched(number)).toEqual([openId])
  expect(await searched('ouyang')).toEqual([openId])
  expect(await searched(row.number)).toContain(caseId)
  // The open one is whole.
  const after = await everything()
  expect(count(after, number)).toBeGreaterThan(0)
  expect(count(after, number)).toBeLessThan(before)
  const lines = await site.db.selectFrom('audit').select('detail_json').where('what', '=', 'personal-erased').execute()
  expect(lines.map(l => JSON.parse(l.detail_json))).toEqual([{ cases: 1, entries: 0, tenants: 0 }])
})

it('of a tenant are erased when he has moved out, from file, history and search; who is still here keeps his, and who comes back has new ones', async () => {
  const { directory, unit } = site.books
  const [, first, second] = directory.site.units
  const contacts = [{ name: customer, phone: number, may: [] }]
  const file = (id: string, at: string, to: string | null, more: object = {}): TenantFile => ({
    ...{ id, name: `${id}有限公司`, short: id, key: false, restriction: '', contacts },
    tenancies: [{ unit: at, kind: 'lease', from: '2026-01-01', to }],
    ...more,
  })
  const save = (f: TenantFile, seen: 'new' | number) => unit(system, work => saveTenant(work, directory, f, seen))
  const today = directory.calendar.dateOf(site.now)
  await save(file('gone', first?.id ?? '', today), 'new')
  await save(file('here', second?.id ?? '', null), 'new')
  const gone: string[] = []
  const files = { remove: async (sha256: string) => void gone.push(sha256) }
  const erase = () => eraseOld({ ...desk(), files } as unknown as Desk)
  for (const id of ['gone', 'here'])
    await unit(system, work => addSeal(work, id, { name: customer, type: 'image/png', bytes: 1, sha256: id }))
  const all = async () => {
    const listed = await tenantFilesIn(site.db, ['gone', 'here'])
    const history = await site.db
      .selectFrom('history')
      .select(['record', 'detail_json'])
      .where('record', 'like', 'tenant/%')
      .execute()
    const found = await site.db.selectFrom('search_index').selectAll().where('kind', '=', 'tenant').execute()
    return {
      files: listed,
      history: JSON.stringify(history.filter(h => h.record === 'tenant/gone')),
      found: JSON.stringify(found),
    }
  }
  await site.set('personal-kept-tenants', 30)
  site.now += days(30)
  expect(await erase()).toBe(0)
  site.now += days(1)
  expect(await erase()).toBe(1)
  expect(await erase()).toBe(0)
  expect(gone).toEqual(['gone'])
  const { files: kept, history, found } = await all()
  expect(kept.map(f => [f.id, f.name, f.contacts.length])).toEqual([
    ['gone', 'gone有限公司', 0],
    ['here', 'here有限公司', 1],
  ])
  expect(history).not.toContain(customer)
  expect(history).not.toContain(number)
  expect(count(found, customer)).toBe(1)
  // Neither is there a digest by which they could be tried out.
  const { rows } = await sql<{ n: number }>`select count(*) as n from chain where kind = 'tenant_contact'
    and key like '["gone",%' and salt is not null and n < (select max(l.n) from chain l where l.kind = chain.kind and l.key = chain.key)`.execute(
    site.db,
  )
  expect(Number(rows[0]?.n)).toBe(0)
  const back = directory.calendar.dateOf(site.now)
  const tenancies = [{ unit: first?.id ?? '', kind: 'lease' as const, from: back, to: back }]
  await save(file('gone', '', null, { tenancies }), 1)
  site.now += days(31)
  expect(await erase()).toBe(1)
  expect((await all()).history).not.toContain(number)
})

it('leaves no digest by which it could be tried out, also when it was cut off before the last of it', async () => {
  await site.set('personal-kept-cases', 30)
  site.now += days(31)
  await eraseOld(desk())
  const old = async () => {
    const { rows } = await sql<{
      n: number
    }>`select count(*) as n from chain c where c.salt is not null and c.key like ${`%${caseId}%`}
      and c.kind in ('case_file', 'history') and c.n < (select max(l.n) from chain l where l.kind = c.kind and l.key = c.key)`.execute(
      site.db,
    )
    return Number(rows[0]?.n)
  }
  expect(await old()).toBe(0)
  await site.books.books.write(async tx => {
    await tx
      .updateTable('chain')
      .set({ salt: 'x' })
      .where('kind', '=', 'case_file')
      .where('n', '<', 10_000)
      .where('salt', 'is', null)
      .execute()
    await tx.updateTable('erased').set({ sealed: 1 }).execute()
  })
  expect(await old()).toBeGreaterThan(0)
  await eraseOld(desk())
  expect(await old()).toBe(0)
})

it('without a term nothing is erased, and history is still written by nobody', async () => {
  site.now += days(3650)
  expect(await eraseOld(desk())).toBe(0)
  await expect(site.books.books.write(tx => tx.updateTable('history').set({ note: 'x' }).execute())).rejects.toThrow(
    'append-only',
  )
  await expect(site.books.books.write(tx => tx.deleteFrom('history').execute())).rejects.toThrow('append-only')
})

it('of attachments are erased with their files when the site says so; a picture that hangs on something open stays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zhiban-files-'))
  const files = openAttachmentFiles(folder)
  const { unit } = site.books
  const hang = async (on: string, text: string) => {
    const bytes = Buffer.from(text)
    const sha256 = await files.keep(bytes)
    await unit(system, work => attach(work, on, { name: `${text}.png`, type: 'image/png', bytes: bytes.length, sha256 }))
    return sha256
  }
  const [own, shared] = [await hang(caseId, 'own'), await hang(caseId, 'shared')]
  await hang(openId, 'shared')
  const erase = () => eraseOldFiles({ ...desk(), files })
  site.now += days(31)
  expect(await erase()).toBe(0)
  await site.set('attachments-kept', 30)
  expect(await erase()).toBe(2)
  expect(await erase()).toBe(0)
  expect([files.has(own), files.has(shared)]).toEqual([false, true])
  expect((await site.db.selectFrom('attachment').select('case_id').execute()).map(a => a.case_id)).toEqual([openId])
  // What hung there can still be told from anything else.
  const history = await site.db.selectFrom('history').select('detail_json').where('verb', '=', 'attach').execute()
  expect(JSON.stringify(history)).toContain(own)
  rmSync(folder, { recursive: true, force: true })
})
