import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TenantFile } from '#api/models/tenants'
import { recordHistoryOf } from '../../console/server/books/history.ts'
import { plainXlsx } from '../../console/server/export/xlsx.ts'
import { openImport } from '../../console/server/master/imports.ts'
import { openStaff, openTenants } from '../../console/server/master/sheets.ts'
import { findTenants, saveTenant, tenantFilesIn, tenantRecord } from '../../console/server/master/tenantFiles.ts'
import { type ConsoleBooks, exampleTenant, openConsoleBooks } from '../harness/consoleBooks.ts'

const now = Date.parse('2026-11-29T10:00:00+08:00')
const who = { id: 'u', display: '李娜', station: 'test' }
let desk: ConsoleBooks
let units: { id: string; zone: string }[]
beforeEach(async () => {
  desk = await openConsoleBooks(() => now)
  units = desk.site.units.map(u => ({ id: u.id, zone: u.zones[0] ?? '' }))
})
afterEach(() => desk.close())
const unit = (n: number) => units[n] as (typeof units)[number]

const save = (file: TenantFile, seen: 'new' | number = 'new') =>
  desk
    .unit(who, work => saveTenant(work, desk.directory, file, seen))
    .then(
      () => 'done',
      e => [e.code, e.field].join(' '),
    )
const tenant = (id: string, tenancies: TenantFile['tenancies']): TenantFile => ({
  ...{ ...exampleTenant(''), id, name: `${id}有限公司`, short: id },
  tenancies,
})
const from = (n: number, from: string | null, to: string | null = null, kind: 'lease' | 'owner' = 'lease') => ({
  ...{ unit: unit(n).id, kind, from, to },
})
const seat = async (n: number, day: string) =>
  (await desk.directory.tenantOfPlace(desk.books.read, unit(n).zone, Date.parse(`${day}T10:00:00+08:00`)))?.id

describe('a unit', () => {
  it('is that of whom the dates say: one after the other, else of its owner, else of nobody', async () => {
    await save(tenant('old', [from(0, '2020-01-01', '2026-06-30')]))
    await save(tenant('new', [from(0, '2026-09-01')]))
    await save(tenant('owner', [from(0, '2026-01-01', null, 'owner')]))
    expect([await seat(0, '2026-06-30'), await seat(0, '2026-07-01'), await seat(0, '2026-09-01')]).toEqual([
      'old',
      'owner',
      'new',
    ])
    expect(await seat(0, '2019-12-31')).toBeUndefined()
  })

  it('is not had by two at once, nor backwards, nor where the site has none; and nothing of it is stored', async () => {
    await save(tenant('a', [from(0, '2026-01-01', '2026-12-31')]))
    expect(await save(tenant('b', [from(1, null), from(0, '2026-12-31')]))).toBe('unit-taken tenancies')
    expect(await save(tenant('b', [from(0, '2028-01-01', '2027-01-01')]))).toBe('dates-backwards tenancies')
    expect(await save(tenant('b', [{ ...from(0, null), unit: 'nowhere' }]))).toBe('unknown-unit tenancies')
    expect((await tenantFilesIn(desk.books.read)).map(f => f.id)).toEqual(['a'])
    // The database itself holds it too.
    const second = { id: 'x', unit: unit(0).id, tenant_id: 'a', kind: 'lease' as const, from_date: null, to_date: '2026-01-01' }
    await expect(desk.books.write(tx => tx.insertInto('tenancy').values(second).execute())).rejects.toThrow(/overlap/)
  })

  it('booked for a day on which somebody else will have it is booked by him', async () => {
    await save(tenant('now', [from(0, null, '2026-12-31')]))
    await save(tenant('next', [from(0, '2027-01-01')]))
    expect(desk.directory.timeOf({ from: 5 }, 1)).toBe(5)
    expect([await seat(0, '2026-12-31'), await seat(0, '2027-01-01')]).toEqual(['now', 'next'])
  })
})

describe('a file', () => {
  it('is found by names, pinyin, telephone and unit, and its history says who changed what', async () => {
    await save({
      ...tenant('A1', [from(0, null)]),
      short: '瑞丰',
      contacts: [{ name: '张伟', phone: '138 0000 2001', may: ['order'] }],
    })
    const found = (q: string) =>
      findTenants(
        desk.books.read,
        q,
        desk.books.read.selectFrom('case_person').select('case_id as id').where('case_id', '=', '-') as never,
        5,
      )
    for (const q of ['瑞丰', 'ruifeng', '张伟', '2001', 'a1']) expect(await found(q)).toEqual(['A1'])
    expect(await save({ ...tenant('A1', []), short: '瑞丰二' }, 1)).toBe('done')
    expect(await found('瑞丰二')).toEqual(['A1'])
    // Whoever has seen what was there before changes nothing.
    expect(await save(tenant('A1', []), 1)).toBe('changed-meanwhile revision')
    const history = await recordHistoryOf(desk.books.read, tenantRecord('A1'))
    expect(history.map(h => [h.verb, h.by])).toEqual([
      ['change', '李娜'],
      ['add', '李娜'],
    ])
    expect(history[0]?.detail).toMatchObject({ was: { short: '瑞丰' }, is: { short: '瑞丰二', tenancies: [] } })
  })

  it('is not made twice under one number, nor changed where there is none', async () => {
    await save(tenant('A1', []))
    expect([await save(tenant('A1', [])), await save(tenant('A2', []), 0)]).toEqual(['number-taken id', 'unknown-tenant id'])
  })
})

describe('a table of tenants', () => {
  const head = [
    '客户编号',
    '客户名称',
    '简称',
    '单元',
    '关系',
    '起租日',
    '到期日',
    '联系人',
    '电话',
    '紧急联系人',
    '紧急电话',
    '重点客户',
  ]
  const take = async (lines: string[][], digest?: string) =>
    openImport(desk, 'tenants', openTenants).take(who, { bytes: await plainXlsx([head, ...lines]), language: 'zh', digest })
  const name = (n: number) => desk.directory.placeName(unit(n).id).zh
  const line = (id: string, n: number | null, ...dates: string[]) => {
    const [begins = '', ends = ''] = dates
    return [id, `${id}公司`, '', n === null ? '' : name(n), '', begins, ends, '张伟', '138', '李四', '139', '']
  }

  it('is shown first, then stored as a whole; brought once more it changes nothing', async () => {
    const lines = [line('A1', 0, '2026-01-01'), line('A1', 1, '2026-01-01'), line('A2', null)]
    const first = await take(lines)
    expect([first.stored, first.preview.counts]).toEqual([false, { new: 3, changed: 0, same: 0, wrong: 0, elsewhere: 0 }])
    expect(await tenantFilesIn(desk.books.read)).toEqual([])
    expect((await take(lines, first.preview.digest)).stored).toBe(true)
    const stored = await tenantFilesIn(desk.books.read)
    expect(stored).toMatchObject([
      {
        id: 'A1',
        short: 'A1公司',
        key: false,
        tenancies: expect.arrayContaining([from(0, '2026-01-01'), from(1, '2026-01-01')]),
      },
      { id: 'A2', tenancies: [] },
    ])
    expect(stored[0]?.contacts).toEqual([
      { name: '张伟', phone: '138', may: [] },
      { name: '李四', phone: '139', may: ['urgent'] },
    ])
    const again = await take(lines)
    expect(again.preview.counts).toEqual({ new: 0, changed: 0, same: 3, wrong: 0, elsewhere: 0 })
    await take(lines, again.preview.digest)
    expect(await tenantFilesIn(desk.books.read)).toEqual(stored)
    expect(await recordHistoryOf(desk.books.read, tenantRecord('A1'))).toHaveLength(1)
  })

  it('moves one out and the next one in, keeps what it does not speak of, and says who is in the way', async () => {
    await save({
      ...tenant('A1', [from(0, '2026-01-01')]),
      name: 'A1公司',
      short: 'A1公司',
      contacts: [
        { name: '张伟', phone: '138', may: ['order'] },
        { name: '王五', phone: '137', may: ['release'] },
      ],
    })
    const taken = await take([line('A2', 0, '2027-01-01')])
    expect(taken.preview.rows).toMatchObject([{ line: 2, problems: [{ column: 'unit', code: 'unit-taken', about: 'A1公司' }] }])
    const lines = [line('A2', 0, '2027-01-01'), line('A1', 0, '2026-01-01', '2026-12-31')]
    const { preview } = await take(lines)
    expect(preview.counts).toEqual({ new: 1, changed: 1, same: 0, wrong: 0, elsewhere: 0 })
    await take(lines, preview.digest)
    const [a1] = await tenantFilesIn(desk.books.read, ['A1'])
    expect(a1?.tenancies).toEqual([from(0, '2026-01-01', '2026-12-31')])
    expect(a1?.contacts.map(c => `${c.name} ${c.may}`)).toEqual(['张伟 order', '李四 urgent', '王五 release'])
    expect([await seat(0, '2026-12-31'), await seat(0, '2027-01-01')]).toEqual(['A1', 'A2'])
  })

  it('with an error anywhere stores nothing, nor does one that was looked at before something changed', async () => {
    const bad = [
      line('A1', 0),
      [...line('A1', 1).slice(0, 1), 'B公司', ...line('A1', 1).slice(2)],
      line('A3', 0),
      ['A 4', '', '', 'x', 'y'],
    ]
    const { preview } = await take(bad)
    expect(
      preview.rows.filter(r => r.what === 'wrong').map(r => [r.line, r.problems.map(p => `${p.column} ${p.code} ${p.about}`)]),
    ).toEqual([
      [3, ['name differs 2', 'short differs 2']],
      [4, ['unit unit-taken 2']],
      [5, ['id not-a-name ', 'name missing ', 'unit unknown-unit x', 'relation not-a-choice 租户 / 业主']],
    ])
    await expect(take(bad, preview.digest)).rejects.toMatchObject({ code: 'import-wrong' })
    const good = [line('A1', 0)]
    const seen = await take(good)
    await save({ ...tenant('A1', []), name: '别人改过' })
    await expect(take(good, seen.preview.digest)).rejects.toMatchObject({ code: 'import-changed' })
    expect(await tenantFilesIn(desk.books.read)).toMatchObject([{ id: 'A1', name: '别人改过', tenancies: [] }])
  })
})

describe('a table of people', () => {
  const head = ['用户名', '姓名', '岗位']
  const take = async (lines: string[][], digest?: string) =>
    openImport(desk, 'people', openStaff).take(who, { bytes: await plainXlsx([head, ...lines]), language: 'zh', digest })

  it('adds people with one-time passwords, changes others, and takes nobody back who has left', async () => {
    await desk.books.write(async tx => {
      for (const [id, roles] of [
        ['fd', 'front-desk'],
        ['boss', 'security'],
      ] as const)
        await tx
          .insertInto('post')
          .values({ id, name_json: JSON.stringify({ zh: id, en: id }), roles_json: JSON.stringify([roles]) })
          .execute()
      const account = { roles_json: '[]', password: '-', active: 1 }
      await tx
        .insertInto('user_account')
        .values({ id: 'a', name: 'boss', display: '王', post: 'boss', ...account })
        .execute()
      await tx
        .insertInto('user_account')
        .values({ id: 'b', name: 'gone', display: '赵', post: 'fd', ...account, active: 0 })
        .execute()
    })
    const wrong = await take([
      ['gone', '赵', 'fd'],
      ['new', '李', 'nobody'],
      ['new', '李', 'fd'],
      ['NEW', '李', 'fd'],
    ])
    expect(
      wrong.preview.rows
        .filter(r => r.what === 'wrong')
        .map(r => [r.line, r.problems.map(p => `${p.column} ${p.code} ${p.about}`)]),
    ).toEqual([
      [2, ['name name-taken 赵']],
      [3, ['post unknown-post nobody']],
      [5, ['name twice 4']],
    ])
    const lines = [
      ['new', '李', 'FD'],
      ['BOSS', '王大', 'boss'],
    ]
    const seen = await take(lines)
    expect(seen.preview.counts).toEqual({ new: 1, changed: 1, same: 0, wrong: 0, elsewhere: 0 })
    const { passwords } = await take(lines, seen.preview.digest)
    expect(passwords).toMatchObject([{ name: 'new', display: '李' }])
    expect((await take(lines)).preview.counts).toMatchObject({ new: 0, changed: 0, same: 2 })
    const people = await desk.books.read.selectFrom('user_account').select(['name', 'display', 'post']).orderBy('name').execute()
    expect(people).toEqual([
      { name: 'boss', display: '王大', post: 'boss' },
      { name: 'gone', display: '赵', post: 'fd' },
      { name: 'new', display: '李', post: 'fd' },
    ])
  })
})
