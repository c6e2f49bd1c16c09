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
import { openLines } from '../../console/subjects/monthEnd/arithmetic/sheetLines.ts'
import { overtimeCharges } from '../../console/subjects/overtime/chargeLines.ts'
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

it('a month that was handed in before months were sheets holds what stood then; what came or changed later is carried forward', async () => {
  const file = join(folder, 'months.db')
  const before = Object.fromEntries(Object.entries(migrations).filter(([name]) => name < '0019'))
  const older = await openStore<Books>({ file, synchronous: 'FULL', migrations: before })
  const line = (id: string, fen: number) => [
    `insert into case_file (id, procedure, version, number, state, owner, opened_at, changed_at, urgent, form_json, facts_json, revision)
      values ('${id}', 'overtime', 1, 'OT-${id}', 'finished', '-', 1, 1, 0, '{}', '{}', 1)`,
    `insert into charge_line (id, case_id, tenant, zone, from_at, to_at, confirmed_minutes, billable_minutes, fen_per_hour, fen, month,
      missed_json, counted_json, made_at) values ('${id}', '${id}', 't', 'z', 1, 2, 60, 60, 12000, ${fen}, '2026-10', '[]', '[]', 900)`,
  ]
  const told = (id: string, at: number, what: string, detail: object) =>
    `insert into audit (id, at, station, what, subject, detail_json) values ('${id}${at}', ${at}, 's', '${what}', '${id}', '${JSON.stringify(detail)}')`
  const statements = [
    `insert into duty (id, routine, period, owes, limit_at, done_at, done_by) values ('d', 'service-totals', '2026-10', 'front-desk', 1, 500, '李娜')`,
    ...line('same', 100),
    ...line('less', 70),
    ...line('late', 30),
    told('same', 400, 'charge-made', { fen: 100 }),
    told('less', 400, 'charge-made', { fen: 90 }),
    told('less', 900, 'charge-corrected', { fen: 70, before: 90 }),
    told('late', 600, 'charge-made', { fen: 30 }),
  ]
  for (const statement of statements) await older.write(tx => sql.raw(statement).execute(tx))
  await older.close()
  const books = await openBooks(file)
  const lines = await books.read.selectFrom('sheet_line').select(['charge', 'fen', 'kind']).orderBy('charge').execute()
  expect(lines).toEqual([
    { charge: 'less', fen: 90, kind: 'own' },
    { charge: 'same', fen: 100, kind: 'own' },
  ])
  const billed = await books.read.selectFrom('sheet_line').select(['charge', 'sheet', 'fen']).execute()
  const open = openLines('2026-11', await overtimeCharges(books.read, '2026-11'), billed)
  expect(open.map(l => [l.charge.id, l.fen, l.kind]).sort()).toEqual([
    ['late', 30, 'carried'],
    ['less', -20, 'adjusted'],
  ])
  expect((await proveBooks(books.read)).faults).toEqual([])
  await books.close()
})
