import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CaseHead, CaseLine } from '#api/models/cases'
import type { User } from '#api/models/people'
import type { Role } from '#api/rights'
import type { Desk } from '../../console/server/desk/desk.ts'
import { eraseOld } from '../../console/server/desk/erasure.ts'
import { correctCase } from '../../console/server/engine/cases/corrections.ts'
import { actOnLine, addLine, linesShown } from '../../console/server/engine/cases/lineBook.ts'
import { reservationsIn } from '../../console/server/engine/cases/reservations.ts'
import { wakeDue } from '../../console/server/engine/cases/waking.ts'
import { entriesOf, entryShownTo, registerOf, writeEntry } from '../../console/server/engine/registers/registerBook.ts'
import { closeEntries, meetEntry, tellOverdue } from '../../console/server/engine/registers/registerLife.ts'
import { endThing, saveThing, thingNames } from '../../console/server/engine/things/thingBook.ts'
import { keyRegister } from '../../console/subjects/keys/register.ts'
import { keys } from '../../console/subjects/keys/subject.ts'
import { type Name, refusal, TriedSite, who } from '../unit/settings/site.ts'

const hour = 3_600_000
const day = 24 * hour
let site: TriedSite
beforeEach(async () => {
  site = await TriedSite.open()
})
afterEach(() => site.close())

const around = () => site.books.engine.around
const thing = (kind: string, form: object) =>
  site.as('head', work => saveThing(work, around(), kind, { id: null, form: { ...form } }, who('head')))
const history = (record: string) => site.db.selectFrom('history').selectAll().where('record', '=', record).orderBy('n').execute()
const told = async (kind: string) =>
  (await site.db.selectFrom('notice').select(['kind', 'text_json']).where('kind', '=', kind).execute()).length
/** What somebody is refused with, in full. */
const whyNot = (p: Promise<unknown>) =>
  p.then(
    () => 'done' as const,
    (e: { code: string; field?: string; detail?: unknown }) => ({ code: e.code, field: e.field, detail: e.detail }),
  )

describe('a resource', () => {
  const lift = () => thing('lift', { name: '消防电梯 1', kind: 'fire' })
  const form = (id: string, from: number, to = from + hour) => ({
    ...{ what: 'goods', address: 'f5-w', contact: '陈立', phone: '138', cargo: '办公桌', lift: id, from, to },
  })
  const book = (id: string, from: number, to?: number) => site.open('desk', 'goods-lift', form(id, from, to))
  const friday = Date.parse('2026-11-27T10:00:00+08:00')

  it('is one case’s at a time, also after a correction or another time; who has given it up has it no longer (R43)', async () => {
    const { id } = await lift()
    const other = await thing('lift', { name: '货梯 1', kind: 'goods' })
    const first = await book(id, friday)
    expect(await whyNot(book(id, friday + hour / 2))).toMatchObject({
      ...{ code: 'reserved-already', field: 'from', detail: { number: first.number } },
    })
    // Its neighbours touch it, and another lift is another.
    const second = await book(id, friday + hour)
    await book(other.id, friday)
    const correct = (c: CaseHead, change: object) =>
      site.as('head', work =>
        correctCase(site.books.engine, work, c.id, { form: { ...change }, reason: '改', revision: c.revision }, who('head')),
      )
    const retime = (c: CaseHead, from: number) => site.act('desk', c.id, 'retime', { from, to: from + hour, lift: id })
    // Engineering has confirmed a time: no correction goes round it.
    expect(await whyNot(correct(second, { from: friday + 2 * hour, to: friday + 3 * hour }))).toMatchObject({ code: 'by-a-step' })
    expect(await refusal(correct(second, { cargo: '文件柜' }))).toBe('done')
    expect(await refusal(retime(second, friday + hour / 2))).toBe('reserved-already')
    await site.act('engineer', first.id, 'refuse', { reason: '检修' })
    // Its time is free again, and somebody else has it before it is agreed anew.
    await retime(second, friday)
    expect(await refusal(retime(first, friday + hour / 2))).toBe('reserved-already')
    const moved = await retime(first, friday + 2 * hour)
    expect(moved).toMatchObject({ state: 'applied', form: { from: friday + 2 * hour } })
    // What stood there stays in the history.
    const { detail_json } = (await history(first.id)).find(h => h.verb === 'retime') ?? { detail_json: '{}' }
    expect(JSON.parse(detail_json).set.from).toEqual({ before: friday, after: friday + 2 * hour })
  })
  it('stands with its hours for those who see the case, and as taken for others (one timeline with the zones)', async () => {
    const { id } = await lift()
    const first = await book(id, friday)
    await site.act('engineer', (await book(id, friday + 3 * hour)).id, 'refuse', { reason: '检修' })
    const of = { id: first.id, number: first.number, procedure: 'goods-lift', state: 'applied' }
    const seen = (role: Role, from: number, to: number) =>
      reservationsIn(site.books.engine, site.db, { ...who('desk'), roles: [role] } as unknown as User, { from, to })
    expect(await seen('front-desk', friday, friday + day)).toMatchObject({
      ...{ things: [id], taken: [{ resource: id, from: friday, to: friday + hour, of }] },
    })
    expect((await seen('front-desk', friday + hour, friday + day)).taken).toEqual([])
    expect(await seen('finance', friday, friday + day)).toEqual({ things: [], taken: [] })
  })
  it('is guarded by the database itself', async () => {
    const { id } = await lift()
    const first = await book(id, friday)
    const second = await book(id, friday + 2 * hour)
    const clash = site.books.books.write(tx =>
      tx
        .updateTable('reservation')
        .set({ from_at: friday + 1 })
        .where('case_id', '=', second.id)
        .execute(),
    )
    await expect(clash).rejects.toThrow(/overlap/)
    expect(first.state).toBe('applied')
  })
  it('is not booked too near, backwards, over two days, or where there is none; furniture goes by a fire lift (R13, R43)', async () => {
    const { id } = await lift()
    const goods = await thing('lift', { name: '货梯 1', kind: 'goods' })
    expect(await whyNot(book(id, site.now + 2 * hour))).toMatchObject({ code: 'in-the-way', field: 'from' })
    expect(await whyNot(book(id, friday, friday - hour))).toMatchObject({ code: 'in-the-way', field: 'to' })
    expect(await whyNot(book(id, friday, friday + day))).toMatchObject({ code: 'in-the-way', field: 'to' })
    expect(await whyNot(book('gone', friday))).toMatchObject({ code: 'unknown-thing', field: 'lift' })
    const furniture = { ...form(goods.id, friday), what: 'moving', notice: 'seen' }
    expect(await whyNot(site.open('desk', 'goods-lift', furniture))).toMatchObject({ code: 'in-the-way', field: 'lift' })
    expect(await whyNot(site.open('desk', 'goods-lift', { ...furniture, lift: id, notice: undefined }))).toMatchObject({
      ...{ code: 'invalid', field: 'notice' },
    })
    const moving = await site.open('desk', 'goods-lift', { ...furniture, lift: id })
    const other = { from: friday + 2 * hour, to: friday + 3 * hour, lift: goods.id }
    expect(await whyNot(site.act('desk', moving.id, 'retime', other))).toMatchObject({ code: 'in-the-way', field: 'lift' })
  })
  it('a case that rests until its day is asked for on it, once', async () => {
    const { id } = await lift()
    const booked = await book(id, friday)
    await site.act('engineer', booked.id, 'agree')
    const { engine, books, unit } = site.books
    const wakes = async () =>
      (await site.db.selectFrom('case_file').select('wakes_at').where('id', '=', booked.id).executeTakeFirst())?.wakes_at
    expect(await wakes()).toBe(friday)
    await wakeDue(engine, books, unit, site.now)
    expect(await told('wakes')).toBe(0)
    expect(await refusal(site.act('guard', booked.id, 'finish'))).toBe('not-begun')
    site.now = friday + 1
    await wakeDue(engine, books, unit, site.now)
    await wakeDue(engine, books, unit, site.now)
    expect([await told('wakes'), await wakes()]).toEqual([1, null])
    // A correction of something else does not wake it again.
    const { revision } = await engine.head(site.db, booked.id)
    const change = { form: { phone: '139' }, reason: '改', revision }
    await site.as('head', work => correctCase(engine, work, booked.id, change, who('head')))
    expect(await wakes()).toBeNull()
    expect(await site.act('guard', booked.id, 'finish')).toMatchObject({ state: 'done' })
  })
})

describe('the lines of a case', () => {
  const tenant = { address: 'f5-w', company: '示例', contact: '陈立', phone: '138' }
  const lines = (c: CaseHead, name: Name) => linesShown(site.db, site.books.engine.procedureOf(c), c, who(name))
  const now = (c: CaseHead) => site.books.engine.head(site.db, c.id)
  const act = async (name: Name, c: CaseHead, line: CaseLine, verb: string, said: object = {}) =>
    site.as(name, async work =>
      actOnLine(site.books.engine, work, await now(c), { line: line.id, verb, said: { ...said }, seen: line.state }, who(name)),
    )
  const ofList = async (c: CaseHead, list: string) => (await lines(await now(c), 'head')).filter(l => l.list === list)

  it('three departments clear side by side, each its own; nothing ends before all have (R16)', async () => {
    const form = { ...tenant, leaseEnds: '2026-12-31', leaves: '2026-12-20', decorated: true }
    const c = await site.open('desk', 'move-out', form)
    expect((await ofList(c, 'commitments')).map(l => l.state)).toEqual(['open', 'open', 'open'])
    expect(await whyNot(site.act('desk', c.id, 'begin'))).toMatchObject({ code: 'lines-open', detail: { n: 3 } })
    for (const l of await ofList(c, 'commitments')) await act('desk', c, l, 'sign', { signature: '业主' })
    await site.act('desk', c.id, 'begin')
    const [finance, engineering, security] = await ofList(c, 'clearances')
    if (!finance || !engineering || !security) throw new Error('no clearances')
    // A line is its own department's.
    expect(await refusal(act('guard', c, engineering, 'clear'))).toBe('not-your-role')
    expect(await refusal(act('head', c, security, 'clear'))).toBe('not-your-role')
    await act('engineer', c, engineering, 'hold', { reason: '灯具损坏' })
    // Whoever has not seen that is told.
    expect(await refusal(act('engineer', c, engineering, 'clear'))).toBe('changed-meanwhile')
    await act('guard', c, security, 'clear')
    expect(await refusal(site.act('desk', c.id, 'leave', { keys: '2 把' }))).toBe('lines-open')
    expect((await ofList(c, 'clearances')).map(l => [l.state, l.settled])).toEqual([
      ['open', false],
      ['held', false],
      ['cleared', true],
    ])
    // His name is the console's to write.
    expect((await ofList(c, 'clearances'))[2]?.facts).toMatchObject({ clear: { by: 'guard', signature: 'guard' } })
  })
  it('rows that stand by the form come and go with it, but for those that somebody has signed', async () => {
    const c = await site.open('desk', 'move-out', { ...tenant, leaseEnds: '2026-12-31', leaves: '2026-12-31', decorated: true })
    const correct = async (change: object) => {
      const { revision } = await now(c)
      await site.as('head', work =>
        correctCase(site.books.engine, work, c.id, { form: { ...change }, reason: '改', revision }, who('head')),
      )
    }
    await correct({ decorated: false })
    expect(await ofList(c, 'commitments')).toHaveLength(2)
    await correct({ decorated: true })
    const row = (await ofList(c, 'commitments'))[2]
    if (!row) throw new Error('no row of the decoration')
    await act('desk', c, row, 'sign', { signature: '业主' })
    await correct({ decorated: false })
    expect((await ofList(c, 'commitments')).map(l => l.state)).toEqual(['open', 'open', 'signed'])
    // Leaving on another day than was signed is another commitment, also once it is being cleared.
    for (const l of (await ofList(c, 'commitments')).filter(l => !l.settled))
      await act('desk', c, l, 'sign', { signature: '业主' })
    await site.act('desk', c.id, 'begin')
    await correct({ leaves: '2026-12-15' })
    for (const l of await ofList(c, 'clearances')) if (l.n !== 1) await act(l.n === 2 ? 'engineer' : 'guard', c, l, 'clear')
    expect(await whyNot(site.act('desk', c.id, 'leave', { keys: '2 把' }))).toMatchObject({
      code: 'lines-open',
      detail: { n: 2 },
    })
  })
  it('a defect opens an order, waits for its end, and is looked at again (R12)', async () => {
    const c = await site.open('desk', 'move-in', { ...tenant, notice: '2026-11-20', entry: '2026-12-01' })
    const [whole] = await ofList(c, 'facilities')
    if (!whole) throw new Error('no check')
    await act('engineer', c, whole, 'mend', { defect: '空调漏水' })
    const waiting = (await ofList(c, 'facilities'))[0]
    const order = await site.books.engine.head(site.db, waiting?.waitsFor ?? '')
    expect(order).toMatchObject({ place: 'f5-w', form: { content: '空调漏水', kind: 'round' } })
    expect(await refusal(act('engineer', c, { ...whole, state: 'repairing' }, 'ended'))).toBe('not-your-role')
    for (const [verb, said] of [['accept'], ['arrive'], ['finish', { result: '已修' }]] as const)
      await site.act('engineer', order.id, verb, said ?? {})
    const mended = (await ofList(c, 'facilities'))[0]
    expect([mended?.state, mended?.settled, mended?.waitsFor]).toEqual(['mended', false, null])
    if (mended) await act('engineer', c, mended, 'good')
    expect((await ofList(c, 'facilities'))[0]?.settled).toBe(true)
  })
  it('a move-in hands over and signs for one copy each, collects the forms before entry, and serves what was wished (R10, R11, R15)', async () => {
    const form = { ...tenant, notice: '2026-11-20', entry: '2026-12-01', parking: true, canteen: true }
    const c = await site.open('desk', 'move-in', form)
    expect(await told('check-facilities')).toBe(1)
    await site.act('desk', c.id, 'notify', { entry: '2026-12-02' })
    expect(await told('entry-notice')).toBe(1)
    const settle = async (name: Name, list: string, verb: string, said: object = {}) => {
      for (const l of await ofList(c, list)) await act(name, c, l, verb, said)
    }
    const enter = () => site.act('desk', c.id, 'enter')
    await settle('engineer', 'facilities', 'good')
    // Eight documents to be signed for, six forms to come back.
    expect(await whyNot(enter())).toMatchObject({ code: 'lines-open', detail: { n: 14 } })
    await settle('desk', 'forms', 'collect')
    expect(await whyNot(enter())).toMatchObject({ code: 'lines-open', detail: { n: 8 } })
    await settle('desk', 'documents', 'receive', { signature: '王经理' })
    expect((await ofList(c, 'documents')).every(l => l.settled)).toBe(true)
    expect(await enter()).toMatchObject({ state: 'entered', form: { entry: '2026-12-02' } })
    expect(await told('passes')).toBe(1)
    const passes = () => site.act('guard', c.id, 'passes', { issued: '出入证 12，停车证 1' })
    expect(await refusal(passes())).toBe('lines-open')
    expect(await ofList(c, 'wishes')).toHaveLength(2)
    await settle('desk', 'wishes', 'done')
    expect(await passes()).toMatchObject({ state: 'done' })
  })
  it('are written while their case is in these states, by whom the list says', async () => {
    const c = await site.open('desk', 'move-in', { ...tenant, notice: '2026-11-20', entry: '2026-12-01' })
    const add = async (name: Name, list: string, item = '门锁') =>
      site.as(name, async work => addLine(site.books.engine, work, await now(c), { list, form: { item } }, who(name)))
    expect(await refusal(add('desk', 'facilities'))).toBe('not-your-role')
    expect(await refusal(add('engineer', 'documents'))).toBe('not-your-role')
    expect(await refusal(add('engineer', 'nothing'))).toBe('unknown-line')
    expect(await refusal(add('engineer', 'facilities', ''))).toBe('invalid')
    await add('engineer', 'facilities')
    expect(await ofList(c, 'facilities')).toHaveLength(2)
    await site.act('head', c.id, 'cancel', { reason: '不来了' })
    expect(await refusal(add('engineer', 'facilities'))).toBe('not-in-this-state')
    // Each is a line of the case's own history.
    expect((await history(c.id)).filter(h => h.verb === 'line')).toHaveLength(1)
  })
  it('goods go out when three things are right, and never where the tenant is restricted (R56)', async () => {
    const c = await site.open('guard', 'goods-release', { address: 'f12-e', contact: '张伟', phone: '138', goods: '打印机' })
    expect(await refusal(site.act('guard', c.id, 'release'))).toBe('lines-open')
    for (const l of await ofList(c, 'checks')) await act('guard', c, l, 'right')
    // What was checked is what goes out.
    const { revision } = await now(c)
    const more = { form: { goods: '服务器 6 台' }, reason: '改', revision }
    expect(await refusal(site.as('guard', work => correctCase(site.books.engine, work, c.id, more, who('guard'))))).toBe(
      'by-a-step',
    )
    await site.books.books.write(tx => tx.updateTable('tenant').set({ restriction: '欠费' }).where('id', '=', 't').execute())
    expect(await whyNot(site.act('guard', c.id, 'release'))).toMatchObject({ code: 'in-the-way' })
    await site.books.books.write(tx => tx.updateTable('tenant').set({ restriction: '' }).where('id', '=', 't').execute())
    expect(await site.act('guard', c.id, 'release')).toMatchObject({ state: 'released' })
  })
})

describe('decoration', () => {
  it('other works are verified anew, whatever was agreed and however far it has gone (R55)', async () => {
    const tenant = { address: 'f5-w', company: '示例', contact: '陈立', phone: '138', firm: '某公司' }
    const c = await site.open('desk', 'decoration', { ...tenant, works: '吊顶', from: '2026-12-01', to: '2026-12-31' })
    const { engine } = site.books
    const now = () => engine.head(site.db, c.id)
    const rows = async () => linesShown(site.db, engine.procedureOf(c), await now(), who('head'))
    const act = async (name: Name, line: CaseLine, verb: string, said: object = {}) =>
      site.as(name, async work =>
        actOnLine(engine, work, await now(), { line: line.id, verb, said: { ...said }, seen: line.state }, who(name)),
      )
    for (const l of (await rows()).filter(l => l.list === 'handed')) await act('desk', l, 'sign', { signature: '某' })
    for (const l of (await rows()).filter(l => l.list === 'alterations')) await act('engineer', l, 'agree')
    await site.act('engineer', c.id, 'permit')
    await site.act('desk', c.id, 'amend', { works: '吊顶、拆墙', firm: '某公司', to: '2026-12-31' })
    expect(await whyNot(site.act('engineer', c.id, 'permit'))).toMatchObject({ code: 'lines-open', detail: { n: 1 } })
  })
})

describe('a register with a life', () => {
  const register = () => ({ ...registerOf(site.books.manual, keyRegister.id) })
  const write = (name: Name, form: object, corrects: string | null = null, id = keyRegister.id) =>
    site.as(name, work => writeEntry(work, around(), { register: id, form: { ...form }, corrects }, who(name)))
  const close = (name: Name, ...entries: string[]) =>
    site.as(name, work => closeEntries(work, register(), { entries, said: { outcome: 'returned' } }, who(name)))
  const key = async (label = '设-01', spare = 'daily') => (await thing('key', { label, class: 'plant', place: 'B1', spare })).id
  const loan = (id: string, more: object = {}) => ({
    ...{ key: id, contact: '周强', department: '工程部', card: '310101', work: '检修', due: site.now + 2 * hour, ...more },
  })

  it('a key is lent once, one card holds one key, and what has come back can go out again (R50)', async () => {
    const [a, b] = [await key(), await key('设-02')]
    const first = await write('desk', loan(a))
    expect(await whyNot(write('desk', loan(a, { card: '310102' })))).toMatchObject({
      ...{ code: 'out-on-entry', field: 'key', detail: { number: first.number } },
    })
    expect(await whyNot(write('desk', loan(b)))).toMatchObject({ code: 'out-on-entry', field: 'card' })
    expect(await refusal(close('guard', first.id))).toBe('not-your-role')
    // Whoever may look at the register does not see whose card it was.
    expect(entryShownTo(register(), { roles: ['guard'] }, first).form).not.toHaveProperty('card')
    expect(entryShownTo(register(), { roles: ['front-desk'] }, first).form).toHaveProperty('card')
    await close('desk', first.id)
    expect(await refusal(close('desk', first.id))).toBe('already-done')
    const second = await write('desk', loan(a))
    // A correction takes the key over; what it puts right is closed with it.
    const corrected = await write('desk', loan(b), second.id)
    await write('desk', loan(a, { card: '310103' }))
    expect(await refusal(write('desk', loan(b, { card: '310104' })))).toBe('out-on-entry')
    expect(corrected.closedAt).toBeNull()
    const kept = site.db.selectFrom('case_file').select('id').where('id', '=', '-') as never
    const open = (await entriesOf(site.db, register(), { limit: 50, kept })).filter(e => e.closedAt === null)
    expect(open).toHaveLength(2)
  })
  it('a key that is lost is lent to nobody, and can be taken out of use; one card is one card, however it is typed', async () => {
    const [id, other] = [await key(), await key('设-02')]
    const entry = await write('desk', loan(id, { card: '31010 1x' }))
    expect(await refusal(write('desk', loan(other, { card: '310101X' })))).toBe('out-on-entry')
    const lost = { outcome: 'lost' }
    await site.as('desk', work => closeEntries(work, register(), { entries: [entry.id], said: lost }, who('desk')))
    expect(await refusal(write('desk', loan(id, { card: '2' })))).toBe('out-on-entry')
    await site.as('head', work => endThing(work, around(), 'key', id, who('head')))
  })
  it('what is put right says so on both, and is due when it was', async () => {
    const first = await write('desk', { kind: 'letter', address: 'f5-w', contact: '陈丽' }, null, 'mail-register')
    site.now += 20 * hour
    const second = await write('desk', { kind: 'letter', address: 'f5-w', contact: '陈立' }, first.id, 'mail-register')
    expect(second.dueAt).toBe(first.dueAt)
    const none = site.db.selectFrom('case_file').select('id').where('id', '=', '-') as never
    const listed = await entriesOf(site.db, registerOf(site.books.manual, 'mail-register'), { limit: 50, kept: none })
    expect(listed.map(e => e.correctedBy)).toEqual([null, second.number])
  })
  it('one signature is for what lies here for one unit', async () => {
    const mailRegister = registerOf(site.books.manual, 'mail-register')
    const items = []
    for (const address of ['f5-w', 'f6-w'])
      items.push(await write('desk', { kind: 'letter', address, contact: '陈立' }, null, 'mail-register'))
    const entries = items.map(i => i.id)
    const sign = (said: object) =>
      site.as('desk', work => closeEntries(work, mailRegister, { entries, said: { ...said } }, who('desk')))
    expect(await refusal(sign({ way: 'collected', signature: '陈立' }))).toBe('of-several-units')
    const [one] = entries
    const back = { entries: [one ?? ''], said: { way: 'back' } }
    await site.as('desk', work => closeEntries(work, mailRegister, back, who('desk')))
  })
  it('closes several at once, all of them or none', async () => {
    const [a, b] = [await write('desk', loan(await key())), await write('desk', loan(await key('设-02'), { card: '2' }))]
    expect(await refusal(close('desk', a.id, b.id, 'nothing'))).toBe('unknown-entry')
    expect(await site.db.selectFrom('open_object').select('entry').execute()).toHaveLength(4)
    await close('desk', a.id, b.id)
    expect(await site.db.selectFrom('open_object').select('entry').execute()).toEqual([])
  })
  it('is told as overdue once, goes over with the shift, and a spare key only in an emergency', async () => {
    const id = await key()
    await write('desk', loan(id))
    const spare = await key('设-01 备', 'reserve')
    expect(await whyNot(write('desk', loan(spare, { card: '2' })))).toMatchObject({ code: 'in-the-way', field: 'unforeseen' })
    const out = await write('desk', loan(spare, { card: '2', unforeseen: '水管爆裂', due: site.now + day }))
    expect(await whyNot(write('desk', loan(id, { due: site.now - 1, card: '3' })))).toMatchObject({ field: 'due' })
    const { books, unit, manual } = site.books
    site.now += 3 * hour
    await tellOverdue(manual, books, unit, site.now)
    await tellOverdue(manual, books, unit, site.now)
    expect(await told('overdue')).toBe(1)
    const look = { ...around(), db: site.db, at: site.now }
    expect((await keys.handsOver?.(look))?.map(i => i.ref)).toContain(out.id)
  })
  it('mail is called out on the day it comes: that keeps its time, and it stays here until it is collected (R49)', async () => {
    const item = { kind: 'parcel', barcode: 'SF1', address: 'f5-w', contact: '陈立' }
    const mail = await write('desk', item, null, 'mail-register')
    expect(new Date(mail.dueAt ?? 0).toISOString()).toBe('2026-11-24T09:30:00.000Z')
    // Scanned twice.
    expect(await refusal(write('desk', item, null, 'mail-register'))).toBe('out-on-entry')
    expect(await refusal(write('desk', { ...item, barcode: undefined }, null, 'mail-register'))).toBe('invalid')
    const mailRegister = registerOf(site.books.manual, 'mail-register')
    await site.as('desk', work => meetEntry(work, mailRegister, mail.id, who('desk')))
    site.now += 2 * day
    await tellOverdue(site.books.manual, site.books.books, site.books.unit, site.now)
    expect(await told('overdue')).toBe(0)
    const said = { way: 'collected', signature: '陈立' }
    await site.as('desk', work => closeEntries(work, mailRegister, { entries: [mail.id], said }, who('desk')))
    // What came after the close of service is the next day's.
    site.now = Date.parse('2026-11-26T18:00:00+08:00')
    const late = await write('desk', { ...item, barcode: 'SF2' }, null, 'mail-register')
    expect(new Date(late.dueAt ?? 0).toISOString()).toBe('2026-11-27T09:30:00.000Z')
  })
  it('names and cards are struck out when they have been kept long enough, also what was said at the closing', async () => {
    const entry = await write('desk', loan(await key()))
    await close('desk', entry.id)
    const mailRegister = registerOf(site.books.manual, 'mail-register')
    const mail = await write('desk', { kind: 'letter', address: 'f5-w', contact: '陈立' }, null, 'mail-register')
    const said = { way: 'collected', signature: '陈立' }
    await site.as('desk', work => closeEntries(work, mailRegister, { entries: [mail.id], said }, who('desk')))
    await site.set('personal-kept-entries', 30)
    const { books, unit, engine, rules, directory } = site.books
    const out = await write('desk', loan(await key('设-03'), { card: '3', due: site.now + 60 * day }))
    await eraseOld({ books, unit, engine, rules, directory, wall: () => site.now + 40 * day } as unknown as Desk)
    // What is still out is still known.
    const still = await site.db.selectFrom('register_entry').select('form_json').where('id', '=', out.id).executeTakeFirst()
    expect(JSON.parse(still?.form_json ?? '{}')).toMatchObject({ card: '3' })
    // Nor does the chain keep a card: not in its keys, and of what was held no salt is left; the last says that it was given back.
    const chain = await site.db.selectFrom('chain').select(['key', 'salt']).where('kind', '=', 'open_object').execute()
    expect(JSON.stringify(chain)).not.toContain('310101')
    const held = chain.filter(c => c.key.includes(entry.id))
    expect([held.length, held.filter(c => c.salt !== null).length]).toEqual([4, 2])
    const row = await site.db.selectFrom('register_entry').selectAll().where('id', '=', entry.id).executeTakeFirst()
    expect(JSON.parse(row?.form_json ?? '{}')).toMatchObject({ contact: '—', card: '—' })
    const collected = await site.db.selectFrom('register_entry').selectAll().where('id', '=', mail.id).executeTakeFirst()
    expect(JSON.parse(collected?.closing_json ?? '{}')).toEqual({ way: 'collected', signature: '—' })
  })
})

describe('the site’s own things', () => {
  it('have a name of their own, keep what they were, and are not taken away while they are out', async () => {
    const first = await thing('key', { label: '公-01', class: 'public', place: '20F', spare: 'daily' })
    expect(await refusal(thing('key', { label: '公-01', class: 'public', place: '1F', spare: 'daily' }))).toBe('name-taken')
    expect(await refusal(thing('key', { label: '业-01', class: 'owner', place: '1F', spare: 'daily' }))).toBe('invalid')
    const save = (form: object, was: object) =>
      site.as('head', work => saveThing(work, around(), 'key', { id: first.id, form: { ...form }, was: { ...was } }, who('head')))
    await save({ ...first.form, place: '屋面' }, first.form)
    expect(await refusal(save({ ...first.form, place: '1F' }, first.form))).toBe('changed-meanwhile')
    expect((await thingNames(site.db, site.books.manual)).map(t => t.name)).toEqual(['公-01 屋面'])
    const due = site.now + hour
    const form = { key: first.id, contact: '周强', department: '工程部', card: '1', work: '检修', due }
    const entry = await site.as('desk', work => writeEntry(work, around(), { register: 'key-register', form }, who('desk')))
    const end = () => site.as('head', work => endThing(work, around(), 'key', first.id, who('head')))
    expect(await refusal(end())).toBe('thing-in-use')
    const keyBook = registerOf(site.books.manual, 'key-register')
    await site.as('desk', work =>
      closeEntries(work, keyBook, { entries: [entry.id], said: { outcome: 'returned' } }, who('desk')),
    )
    await end()
    expect(
      await refusal(site.as('desk', work => writeEntry(work, around(), { register: 'key-register', form }, who('desk')))),
    ).toBe('unknown-thing')
    // Its name is free again.
    expect((await thing('key', { label: '公-01', class: 'public', place: '1F', spare: 'daily' })).code).toBe('公-01')
    expect((await history(`thing/${first.id}`)).map(h => h.verb)).toEqual(['add', 'change', 'remove'])
  })
})
