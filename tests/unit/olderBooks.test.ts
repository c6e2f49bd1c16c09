import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, expect, it } from 'vitest'
import { openCalendar } from '#program/localCalendar'
import { openStore } from '#store/openStore'
import { hashedPassword, openAccounts } from '../../console/server/auth/accounts.ts'
import { openBooks } from '../../console/server/books/books.ts'
import { proveBooks } from '../../console/server/books/chain/proveBooks.ts'
import { migrations } from '../../console/server/books/migrations.ts'
import type { Books } from '../../console/server/books/schema.ts'
import { tenantFilesIn } from '../../console/server/master/tenantFiles.ts'
import { Directory } from '../../console/server/site/directory.ts'
import { tariffsIn } from '../../console/subjects/overtime/prices.ts'
import { demoSite } from '../harness/demoBuilding.ts'

const folder = mkdtempSync(join(tmpdir(), 'zhiban-older-'))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const directory = new Directory(demoSite, openCalendar(demoSite.timeZone))
/** What the columns were called until 0003. */
const asBefore = [
  "insert into tenant (id, name, short, contact, phone) values ('t', '瑞丰科技有限公司', '瑞丰', '张伟', '138')",
  "insert into lease (unit, tenant_id) values ('u1', 't')",
  `insert into tariff (id, name_json, fen_per_hour, rounding_minutes, minimum_minutes, valid_from, valid_to)
    values ('p', '{"zh":"价","en":"price"}', 12000, 15, 60, '2026-01-01', null)`,
  "insert into zone_tariff (zone, tariff_id) values ('z1', 'p')",
]

it('a history that was broken before the one chain began is said, and the books open', async () => {
  const file = join(folder, 'broken.db')
  const before = Object.fromEntries(Object.entries(migrations).slice(0, 3))
  const older = await openStore<Books>({ file, synchronous: 'FULL', migrations: before })
  await older.write(tx =>
    sql`insert into history values ('a', 1, 1, '李娜', null, 's', 'open', null, null, '', '{}', 'x')`.execute(tx),
  )
  await older.close()
  const books = await openBooks(file)
  const said = await books.read.selectFrom('audit').select('detail_json').where('what', '=', 'chain-begun').execute()
  await books.close()
  expect(said).toEqual([{ detail_json: '{"entries":1,"fault":"a entry 1 is not what it was"}' }])
})

it('books of any landed version go on: whoever had an account signs in as before', async () => {
  const password = await hashedPassword('as it was')
  const steps = Object.entries(migrations)
  for (let n = 1; n < steps.length; n++) {
    const file = join(folder, `${n}.db`)
    const older = await openStore<Books>({ file, synchronous: 'FULL', migrations: Object.fromEntries(steps.slice(0, n)) })
    await older.write(tx =>
      tx
        .insertInto('user_account')
        .values([
          { id: 'a', name: 'lina', display: '李娜', post: '-', roles_json: '["front-desk"]', password, active: 1 },
          { id: 'b', name: 'boss', display: '王强', post: '-', roles_json: '["administrator"]', password, active: 1 },
        ])
        .execute(),
    )
    if (n < 3) for (const statement of asBefore) await older.write(tx => sql.raw(statement).execute(tx))
    await older.close()
    const books = await openBooks(file)
    const { user } = await (await openAccounts(books)).signIn('lina', 'as it was', 'test')
    expect(user).toMatchObject({ display: '李娜', roles: ['front-desk'], passwordDue: false })
    const boss = (await (await openAccounts(books)).signIn('boss', 'as it was', 'test')).user
    expect(boss.roles).toEqual(n < 6 ? ['administrator', 'security', 'auditor'] : ['administrator'])
    expect((await proveBooks(books.read)).faults).toEqual([])
    if (n < 3) {
      expect(await tenantFilesIn(books.read)).toEqual([
        {
          ...{ id: 't', name: '瑞丰科技有限公司', short: '瑞丰', key: false, restriction: '' },
          contacts: [{ name: '张伟', phone: '138', may: [] }],
          tenancies: [{ unit: 'u1', kind: 'lease', from: null, to: null }],
          revision: 0,
        },
      ])
      expect(await tariffsIn(books.read, directory)).toMatchObject([{ id: 'p', days: 'any', fenPerHour: 12_000, zones: ['z1'] }])
    }
    await books.close()
  }
})
