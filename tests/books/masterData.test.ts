import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DataGrade, DataKind, TenantFile } from '#api/models/tenants'
import { openUploads, uploadLimits } from '../../console/server/attachments/uploads.ts'
import { addPerson, changePerson, staffIn } from '../../console/server/auth/staff.ts'
import { recordHistoryOf } from '../../console/server/books/history.ts'
import { callersFor } from '../../console/server/desk/finding.ts'
import { plainXlsx } from '../../console/server/export/xlsx.ts'
import { openImport } from '../../console/server/master/imports.ts'
import { placeNames } from '../../console/server/master/placeNames.ts'
import { addSeal, sealRecord, sealsOf, withdrawSeal } from '../../console/server/master/seals.ts'
import { openStaff, openTenants } from '../../console/server/master/sheets.ts'
import { saveTenant, tenantList } from '../../console/server/master/tenantFiles.ts'
import { openUnits } from '../../console/server/master/unitSheet.ts'
import { removeUnit, saveUnit, unitList, unitRecord } from '../../console/server/master/units.ts'
import { gradesOf } from '../../console/server/site/dataGrades.ts'
import { onDutyOn } from '../../console/server/site/onDuty.ts'
import { setShifts } from '../../console/subjects/roster/rosterBook.ts'
import { type ConsoleBooks, exampleTenant, openConsoleBooks } from '../harness/consoleBooks.ts'

const now = Date.parse('2026-11-29T10:00:00+08:00')
const who = { id: 'u', display: '李娜', station: 'test', roles: ['supervisor' as const] }
let desk: ConsoleBooks
beforeEach(async () => {
  desk = await openConsoleBooks(() => now)
})
afterEach(() => desk.close())
const as: ConsoleBooks['unit'] extends (a: never, act: infer A) => unknown ? (act: A) => Promise<unknown> : never = act =>
  desk.unit(who, act as never)
const refusal = (p: Promise<unknown>) =>
  p.then(
    () => 'done',
    e => [e.code, e.field].filter(x => x !== undefined).join(' '),
  )

describe('whoever works here', () => {
  const post = () =>
    desk.books.write(tx =>
      tx
        .insertInto('post')
        .values({ id: 'p', name_json: '{"zh":"前台","en":"desk"}', roles_json: '["front-desk","security"]' })
        .execute(),
    )
  const add = async (name: string, more = {}) => {
    await as(work => addPerson(work, { name, display: name, post: 'p', ...more }, '-'))
    return (await staffIn(desk.books.read, now)).people.find(p => p.name === name)?.id ?? ''
  }
  const leave = [
    { from: '2026-12-24', to: '2026-12-26' },
    { from: '2026-12-27', to: '2026-12-28' },
    { from: '2026-12-26', to: '2026-12-26' },
  ]
  const joined = [{ from: '2026-12-24', to: '2026-12-28' }]

  it('has a telephone, languages and leave; what is not said of them stays', async () => {
    await post()
    const id = await add('ann', { tel: '139', languages: '英语', leave })
    expect((await staffIn(desk.books.read, now)).people).toMatchObject([{ tel: '139', languages: '英语', leave: joined }])
    await as(work => changePerson(work, id, { display: '安', post: 'p', tel: '138' }))
    expect((await staffIn(desk.books.read, now)).people).toMatchObject([{ display: '安', tel: '138', leave: joined }])
    const backwards = { display: '安', post: 'p', leave: [{ from: '2026-12-02', to: '2026-12-01' }] }
    expect(await refusal(as(work => changePerson(work, id, backwards)))).toBe('dates-backwards leave')
  })

  it('gets no shift while he is on leave; where he has one already it is said, with his telephone', async () => {
    await post()
    await add('ann', { tel: '139', leave })
    const bob = await add('bob')
    const open = { form: { month: '2026-12', department: 'customer-service' } }
    const roster = await desk.unit(who, work => desk.engine.open(work, 'roster', open, who))
    const shifts = (...people: [string, string][]) =>
      people.map(([day, person]) => ({ date: `2026-12-${day}`, shift: 'day' as const, person }))
    const set = (...people: [string, string][]) => as(work => setShifts(work, roster, shifts(...people)))
    expect(await refusal(set(['23', 'ann'], ['24', 'ann']))).toBe('on-leave person')
    expect(await refusal(set(['23', 'ann'], ['24', 'bob']))).toBe('done')
    await as(work => changePerson(work, bob, { display: 'bob', post: 'p', leave: [{ from: '2026-12-24', to: '2026-12-24' }] }))
    await desk.books.write(tx => tx.updateTable('case_file').set({ state: 'in-force' }).where('id', '=', roster.id).execute())
    const on = async (day: string) => (await onDutyOn(desk.books.read, `2026-12-${day}`)).map(p => [p.person, p.tel, p.onLeave])
    expect([await on('23'), await on('24')]).toEqual([[['ann', '139', false]], [['bob', '', true]]])
  })

  it('comes from a table with all of it, and the same table changes nothing', async () => {
    await post()
    const take = async (leaveText: string, digest?: string) =>
      openImport(desk, 'people', openStaff).take(who, {
        bytes: await plainXlsx([
          ['用户名', '姓名', '岗位', '电话', '外语', '休假'],
          ['ann', '安', '前台', '139', '英语', leaveText],
        ]),
        ...{ language: 'zh', digest },
      })
    const bad = await take('2026-12-26~2026-12-24')
    expect(bad.preview.rows[0]?.problems).toMatchObject([{ column: 'leave', code: 'not-days' }])
    const text = '2026/12/24～2026/12/26、2026-12-27至2026-12-28'
    const { preview } = await take(text)
    await take(text, preview.digest)
    expect((await staffIn(desk.books.read, now)).people).toMatchObject([{ tel: '139', languages: '英语', leave: joined }])
    expect((await take(text)).preview.counts).toMatchObject({ new: 0, changed: 0, same: 1 })
  })

  it('is not made of the line of the template that shows how', async () => {
    await post()
    const sheet = await openStaff(desk.books.read, 'zh', { directory: desk.directory, at: now })
    const head = sheet.kind.columns.map(c => c.name.zh)
    const english = await openStaff(desk.books.read, 'en', { directory: desk.directory, at: now })
    const rows = [...sheet.template, ...english.template].map(l => sheet.kind.columns.map(c => l[c.key] ?? ''))
    const { preview } = await openImport(desk, 'people', openStaff).take(who, {
      ...{ bytes: await plainXlsx([head, ...rows]), language: 'zh', digest: undefined },
    })
    expect(preview.counts).toMatchObject({ new: 0, wrong: 0 })
  })
})

describe('a unit that the desk keeps', () => {
  const body = (zh: string, floor: string | null = null) => ({ name: { zh, en: zh }, floor })
  const save = (zh: string, id: string | null = null, floor: string | null = null) =>
    desk
      .unit(who, work => saveUnit(work, desk.directory, id, body(zh, floor)))
      .catch(e => [e.code, e.field].join(' ')) as Promise<string>
  const list = (q: string) => unitList(desk.books.read, desk.directory, { q, date: '2026-11-29' })

  it('is let, found, named and changed like the others, and goes only while nobody had it', async () => {
    const shop = await save('商铺 101')
    const rented: TenantFile = exampleTenant(shop)
    await as(work => saveTenant(work, desk.directory, rented, 'new'))
    expect((await list('商铺101')).units).toMatchObject([{ id: shop, own: true, zones: 0, tenant: '示例', owner: '' }])
    expect((await list('示例')).units.map(u => u.id)).toEqual([shop])
    expect(desk.directory.placeName(shop).zh).toBe('商铺 101')
    expect(await save('商铺 102', shop)).toBe(shop)
    expect(desk.directory.placeName(shop).zh).toBe('商铺 102')
    expect(await refusal(as(work => removeUnit(work, desk.directory, shop)))).toBe('unit-in-use id')
    const store = await save('仓库')
    await as(work => removeUnit(work, desk.directory, store))
    expect([desk.directory.knowsPlace(store), (await list('仓库')).found]).toEqual([false, 0])
    expect((await recordHistoryOf(desk.books.read, unitRecord(shop))).map(h => h.verb)).toEqual(['change', 'add'])
  })

  it('has a name of its own; those of the site file are changed there', async () => {
    const [first] = desk.site.units
    expect(await save(first?.name.zh ?? '')).toBe('name-taken name')
    expect(await save('新', first?.id ?? '')).toBe('unknown-unit id')
    expect(await save('商铺', null, 'nowhere')).toBe('unknown-floor floor')
    await save('商铺')
    expect(await save('商 铺')).toBe('name-taken name')
  })

  it('is the place of a case, and of a caller who has no zone; its tenant is found by its new name', async () => {
    const shop = await save('商铺 101')
    await as(work => saveTenant(work, desk.directory, exampleTenant(shop), 'new'))
    const form = { address: shop, content: '漏水', contact: '张伟', phone: '138', kind: 'repair' }
    const opened = await desk.unit(who, work => desk.engine.open(work, 'repair', { form }, { roles: ['front-desk'] }))
    expect(opened).toMatchObject({ place: shop, tenant: 't' })
    expect(await refusal(as(work => removeUnit(work, desk.directory, shop)))).toBe('unit-in-use id')
    const callers = (q: string) => callersFor({ ...desk, wall: () => now } as never, { ...who, roles: ['manager'] } as never, q)
    expect(await callers('商铺 101')).toMatchObject([{ zones: [], places: [shop] }])
    await save('咖啡店', shop)
    expect([(await callers('咖啡店')).length, (await callers('商铺 101')).length]).toEqual([1, 0])
  })

  it('that somebody else has changed since is not changed over him', async () => {
    const shop = await save('商铺')
    const seen = body('商铺')
    const change = (zh: string) => as(work => saveUnit(work, desk.directory, shop, { ...body(zh), was: seen }))
    expect(await refusal(change('一'))).toBe('done')
    expect(await refusal(change('二'))).toBe('changed-meanwhile name')
  })

  it('has no English name that means another', async () => {
    const named = (zh: string, en: string) =>
      refusal(as(work => saveUnit(work, desk.directory, null, { name: { zh, en }, floor: null })))
    expect([await named('商铺 1', 'Shop'), await named('商铺 2', 'shop')]).toEqual(['done', 'name-taken name'])
  })

  it('of which the books were not written is unknown', async () => {
    await expect(
      desk.unit(who, async work => {
        await saveUnit(work, desk.directory, null, body('商铺'))
        throw new Error('no room')
      }),
    ).rejects.toThrow('no room')
    expect(desk.directory.units.length).toBe(desk.site.units.length)
  })

  it('comes from a table beside those of the site file, which it may name and not change', async () => {
    const floor = desk.site.floors[0]
    const first = desk.site.units[0]
    const head = ['单元编号', '单元', '楼层']
    const take = async (lines: string[][], digest?: string) =>
      openImport(desk, 'units', openUnits).take(who, { bytes: await plainXlsx([head, ...lines]), language: 'zh', digest })
    const lines = [
      ['shop-1', '商铺 1', floor?.name.zh ?? ''],
      ['', '商铺 2', ''],
    ]
    const { preview } = await take(lines)
    expect(preview.counts).toMatchObject({ new: 2, wrong: 0, elsewhere: desk.site.units.length })
    await take(lines, preview.digest)
    expect(
      desk.directory.units
        .slice(-2)
        .map(u => [u.name.zh, u.floor])
        .sort(),
    ).toEqual([
      ['商铺 1', floor?.id],
      ['商铺 2', null],
    ])
    expect((await take(lines)).preview.counts).toMatchObject({ new: 0, changed: 0, same: 2 })
    const wrong = await take([
      ['', first?.name.zh ?? '', ''],
      [desk.site.units[1]?.id ?? '', '改名', ''],
      ['Shop', '商铺 3', '屋顶'],
      [desk.site.zones[0]?.id ?? '', '商铺 4', ''],
      ['other', '商铺 1', ''],
    ])
    expect(wrong.preview.rows.flatMap(r => r.problems.map(p => `${r.line} ${p.column} ${p.code}`))).toEqual([
      '3 name of-site-file',
      '4 id not-a-slug',
      '4 floor unknown-floor',
      '5 id unit-named',
      '6 name unit-named',
    ])
  })
})

describe('the data of a customer', () => {
  const file = { name: '公章', type: 'image/png', bytes: 5, sha256: 'x' }
  const rented = () => exampleTenant(desk.site.units[0]?.id ?? '')
  const lacks = async (grades: Record<DataKind, DataGrade>, lacking = false) => {
    const kept = desk.books.read.selectFrom('case_person').select('case_id as id').where('case_id', '=', '-') as never
    const { files, lacking: n } = await tenantList(desk.books.read, desk.directory, {
      ...{ q: '', lacking, date: '2026-11-29', kept, grades },
    })
    return [n, files.map(f => f.lacks)]
  }

  it('of grade 1 must be there: who lacks it is counted and found; what has no grade is not asked for (R51)', async () => {
    await as(work => saveTenant(work, desk.directory, rented(), 'new'))
    const grades = gradesOf(desk.rules)
    expect(grades).toEqual({ phone: 'first', urgent: 'first', dates: 'second', seal: 'second' })
    expect(await lacks(grades)).toEqual([1, [['urgent', 'dates', 'seal']]])
    expect(await lacks({ ...grades, urgent: 'none' })).toEqual([0, [['dates', 'seal']]])
    expect(await lacks({ ...grades, urgent: 'none' }, true)).toEqual([0, []])
    const contacts = [...rented().contacts, { name: '李四', phone: '139', may: ['urgent' as const] }]
    const tenancies = rented().tenancies.map(t => ({ ...t, from: '2026-01-01', to: '2026-12-31' }))
    await as(work => saveTenant(work, desk.directory, { ...rented(), contacts, tenancies }, 1))
    await as(work => addSeal(work, 't', file))
    expect(await lacks(grades)).toEqual([0, [[]]])
  })

  it('comes back as it went out, whatever signs are in a name; a name that two units share means neither', async () => {
    const name = '瑞丰（北京）有限公司'
    await as(work => saveTenant(work, desk.directory, { ...rented(), name, short: '瑞丰（京）' }, 'new'))
    const { kind, lines } = await openTenants(desk.books.read, 'zh', { directory: desk.directory, at: now })
    const grid = [kind.columns.map(c => c.name.zh), ...lines.map(l => kind.columns.map(c => l[c.key] ?? ''))]
    const bytes = await plainXlsx(grid)
    const { preview } = await openImport(desk, 'tenants', openTenants).take(who, { bytes, language: 'zh', digest: undefined })
    expect(preview.counts).toMatchObject({ same: 1, changed: 0, new: 0, wrong: 0 })
    const names = placeNames(
      [
        { id: 'a', name: { zh: '大堂', en: 'Lobby' } },
        { id: 'b', name: { zh: '大堂', en: 'Foyer（west）' } },
      ],
      'zh',
    )
    expect([names.idOf('大堂'), names.idOf('lobby'), names.idOf('foyer(west)'), names.shown('a')]).toEqual([
      undefined,
      'a',
      'b',
      'a',
    ])
  })

  it('that of whoever has moved out is nobody’s lack', async () => {
    const tenancies = rented().tenancies.map(t => ({ ...t, to: '2026-11-28' }))
    await as(work => saveTenant(work, desk.directory, { ...rented(), tenancies }, 'new'))
    expect(await lacks(gradesOf(desk.rules))).toEqual([0, [[]]])
  })

  it('has specimen seals, which are added and withdrawn and never gone; they count like what is attached', async () => {
    await as(work => saveTenant(work, desk.directory, rented(), 'new'))
    expect(await refusal(as(work => addSeal(work, 'nobody', file)))).toBe('unknown-tenant id')
    await as(work => addSeal(work, 't', file))
    const [seal] = await sealsOf(desk.books.read, 't')
    expect(await refusal(as(work => withdrawSeal(work, 'other', seal?.id ?? '')))).toBe('unknown-attachment seal')
    await as(work => withdrawSeal(work, 't', seal?.id ?? ''))
    expect(await refusal(as(work => withdrawSeal(work, 't', seal?.id ?? '')))).toBe('unknown-attachment seal')
    expect(await sealsOf(desk.books.read, 't')).toMatchObject([{ name: '公章', by: '李娜', withdrawnAt: now }])
    const history = await recordHistoryOf(desk.books.read, sealRecord('t'))
    expect(history.map(h => h.verb)).toEqual(['withdraw', 'add'])
    for (let i = 0; i < 12; i++) await as(work => addSeal(work, 't', file))
    expect(await refusal(as(work => addSeal(work, 't', file)))).toBe('too-many-seals file')
    const uploads = openUploads({
      ...{ db: desk.books.read, disk: { room: { free: 1e12, low: false, uploads: true } }, dayBegan: () => now },
    })
    await desk.books.write(tx => tx.updateTable('specimen_seal').set({ bytes: uploadLimits.dayBytes, by_id: 'u' }).execute())
    await expect(uploads.admit('u', 't', 10)).rejects.toMatchObject({ code: 'day-full' })
  })
})
