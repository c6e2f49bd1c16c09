import { afterEach, beforeEach, expect, it } from 'vitest'
import { textIn } from '#api/words/text'
import { registerOf, writeEntry } from '../../console/server/engine/registers/registerBook.ts'
import { closeEntries, entryLedTo, tellOverdue } from '../../console/server/engine/registers/registerLife.ts'
import { saveThing } from '../../console/server/engine/things/thingBook.ts'
import { contractors } from '../../console/subjects/contractors/subject.ts'
import { dutyRecord } from '../../console/subjects/dutyRecord/subject.ts'
import { opinions } from '../../console/subjects/enquiry/evidence.ts'
import { visitors } from '../../console/subjects/gatehouse/registers.ts'
import { gatehouse } from '../../console/subjects/gatehouse/subject.ts'
import { draftNow } from '../../console/subjects/handover/draft.ts'
import { leafletRegister } from '../../console/subjects/leaflets/register.ts'
import { leaflets } from '../../console/subjects/leaflets/subject.ts'
import { occupancy, vacantCleaned } from '../../console/subjects/occupancy/evidence.ts'
import { repairFigures } from '../../console/subjects/repair/evidence.ts'
import { rounds } from '../../console/subjects/rounds/subject.ts'
import { TriedSite, who } from '../unit/settings/site.ts'

let site: TriedSite
beforeEach(async () => {
  site = await TriedSite.open()
})
afterEach(() => site.close())

const asked = { contact: '陈立', phone: '138', content: '电费怎么算', address: 'f5-w' }
const told = async (kind: string) =>
  (await site.db.selectFrom('notice').select('roles_json').where('kind', '=', kind).execute()).map(n => JSON.parse(n.roles_json))
const month = () => ({
  ...site.books.engine.around,
  ...{ db: site.db, period: '2026-12' },
  stretch: { from: Date.parse('2026-11-01T00:00:00+08:00'), to: Date.parse('2026-12-01T00:00:00+08:00') },
})
const write = (register: string, form: Record<string, unknown>) =>
  site.as('desk', work => writeEntry(work, site.books.engine.around, { register, form }, { roles: ['front-desk'] }))

it('R3: a customer comes twice at most: the second time is told and promised again, a third is to be explained', async () => {
  const { id } = await site.open('desk', 'enquiry', { ...asked, kind: 'enquiry' })
  await expect(site.act('desk', id, 'came-in-vain', { reason: '-' })).rejects.toMatchObject({ code: 'not-in-this-state' })
  const again = await site.act('desk', id, 'came-again', { promised: site.now + 3_600_000 })
  expect(again).toMatchObject({ state: 'received', form: { visits: 'two' } })
  expect(await told('came-again')).toEqual([['supervisor']])
  await expect(site.act('desk', id, 'came-again')).rejects.toMatchObject({ code: 'not-in-this-state' })
  await expect(site.act('desk', id, 'came-in-vain')).rejects.toMatchObject({ field: 'reason' })
  await site.act('desk', id, 'came-in-vain', { reason: '财务没有回话' })
  expect(await told('came-in-vain')).toEqual([['supervisor', 'manager']])
  expect(await site.act('desk', id, 'answer', { answer: '按表计量' })).toMatchObject({ state: 'answered' })
})

it('R3: whoever asks for a leader is told of to the leaders at once', async () => {
  await site.open('desk', 'enquiry', { ...asked, kind: 'enquiry' })
  expect(await told('asks-for-you')).toEqual([])
  await site.open('desk', 'enquiry', { ...asked, kind: 'leader', content: '要见经理，因为装修' })
  expect(await told('asks-for-you')).toEqual([['manager', 'general-manager']])
})

it('R23: a complaint goes to the department that answers for its kind; a collective one is told to the manager at once', async () => {
  const complaint = { address: 'f5-w', content: '太吵', contact: '陈立', phone: '138', way: 'phone' }
  const sentTo = async (category: string) => (await site.open('desk', 'complaint', { ...complaint, category })).department
  expect([await sentTo('equipment'), await sentTo('security'), await sentTo('fees')]).toEqual([
    ...['engineering', 'security', 'customer-service'],
  ])
  expect((await told('collective')).flat()).toEqual([])
  await site.open('desk', 'complaint', { ...complaint, category: 'equipment', collective: true })
  expect((await told('collective')).flat()).toContain('manager')
})

it('R45: an order is with engineering at once, and the day is not summed up while one is open without its reason', async () => {
  const order = { address: 'f5-w', content: '灯不亮', contact: '陈立', phone: '138', kind: 'repair' }
  const { id, state, department } = await site.open('desk', 'repair', order)
  expect([state, department]).toEqual(['sent', 'engineering'])
  const open = async () => {
    const { withoutReason } = (await repairFigures.count({ ...month(), stretch: { from: site.now - 1, to: site.now + 1 } }))
      .figures
    return [withoutReason, Object.keys(repairFigures.mustBeNothing ?? {})]
  }
  expect(await open()).toEqual([1, ['withoutReason']])
  await site.act('engineer', id, 'accept')
  await site.act('engineer', id, 'need-parts', { reason: '等灯管' })
  expect(await open()).toEqual([0, ['withoutReason']])
})

it('R48: a month that is summed up later says how it stood at its end, without doubles and what was cancelled', async () => {
  const order = { address: 'f5-w', content: '灯不亮', contact: '陈立', phone: '138', kind: 'repair' }
  const open = () => site.open('desk', 'repair', order)
  const one = await open()
  const late = await open()
  const double = await open()
  const gone = await open()
  await site.act('engineer', one.id, 'finish', { result: '好了' })
  await site.act('desk', double.id, 'merge', { into: late.number })
  await site.act('desk', gone.id, 'cancel', { reason: '客户自己修好了' })
  site.now = Date.parse('2026-12-02T10:00:00+08:00')
  await site.act('engineer', late.id, 'finish', { result: '好了' })
  const { figures } = await repairFigures.count(month())
  expect(figures).toEqual({ received: 2, done: 1, open: 1, urgent: 0, carried: 0, carriedDone: 0, withoutReason: 0 })
  const december = { ...month(), stretch: { from: month().stretch.to, to: site.now + 1 } }
  expect((await repairFigures.count(december)).figures).toMatchObject({ received: 0, carriedDone: 1 })
})

it('R65: where the site counts the hours of service alone, a clock stands still from their end to the next working morning', async () => {
  const complaint = { address: 'f5-w', content: '太吵', category: 'equipment', contact: '陈立', phone: '138', way: 'phone' }
  await site.set('complaint-limit', 60)
  site.now = Date.parse('2026-11-27T17:00:00+08:00')
  const limitOf = async () => (await site.clock((await site.open('desk', 'complaint', complaint)).id, 'answer'))?.limit_at
  expect(await limitOf()).toBe(Date.parse('2026-11-27T18:00:00+08:00'))
  await site.set('complaint-counts', 'service')
  // Friday evening: the other half hour is Monday morning's.
  expect(await limitOf()).toBe(Date.parse('2026-11-30T09:00:00+08:00'))
})

const entry = (id: string) => site.db.selectFrom('register_entry').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

it('R4, R5: a call that was missed, or cannot be answered at once, waits for its reply, is chased when its time is over, and goes to the next shift', async () => {
  const call = { matter: '电费怎么算', phone: '138', contact: '陈立' }
  expect((await write('phone-record', { ...call, reply: 'answered' })).closedAt).toBe(site.now)
  expect((await write('phone-record', { matter: '未接', phone: '0000 7731', answer: 'missed' })).closedAt).toBeNull()
  await expect(write('phone-record', { matter: '问空调', reply: 'specialist' })).rejects.toMatchObject({ field: 'phone' })
  const { id, number } = await write('phone-record', { ...call, reply: 'asking', promised: site.now + 3_600_000 })
  const handed = await draftNow({ ...site.books.engine.around, db: site.db, at: site.now })
  expect(handed.filter(d => d.kind === 'note').map(d => textIn('zh', d.text))).toEqual([
    expect.stringContaining('0000 7731'),
    expect.stringContaining(`${number} 09:00 待回复`),
  ])
  site.now += 3_600_000
  await tellOverdue(site.books.manual, site.books.books, site.books.unit, site.now)
  expect(await told('overdue')).toEqual([['front-desk', 'supervisor']])
  const close = (said: object) =>
    site.as('desk', work => closeEntries(work, phoneRecord(), { entries: [id], said: { ...said } }, { roles: ['front-desk'] }))
  await expect(close({})).rejects.toMatchObject({ field: 'said' })
  await close({ said: '按表计量，月底出账' })
  expect(JSON.parse((await entry(id)).closing_json ?? '')).toEqual({ said: '按表计量，月底出账' })
})
const phoneRecord = () => registerOf(site.books.manual, 'phone-record')

it('R5: a case that came of an entry is its reply, once; nothing else can be opened because of it', async () => {
  const { id } = await write('phone-record', { matter: '灯不亮', phone: '138', answer: 'missed' })
  const lead = (procedure: string, form: object) =>
    site.as('desk', async work => {
      const opened = await site.books.engine.open(work, procedure, { form: { ...form } }, who('desk'))
      await entryLedTo(work, site.books.manual, id, opened)
      return opened
    })
  await expect(
    lead('special-cleaning', { address: 'f5-w', contact: '陈立', phone: '138', wishes: '洗地毯' }),
  ).rejects.toMatchObject({ code: 'leads-not-there' })
  const order = { address: 'f5-w', content: '灯不亮', contact: '陈立', phone: '138', kind: 'repair' }
  const opened = await lead('repair', order)
  expect(await entry(id)).toMatchObject({ case_id: opened.id, closed_at: site.now, closed_by: 'desk' })
  await expect(lead('repair', order)).rejects.toMatchObject({ code: 'already-done' })
})

it('R6: every visit is written down; one that nobody could answer waits for its reply, apart from those whose document is looked at', async () => {
  const visit = { contact: '林女士', company: '示例', matter: '问车位', phone: '139' }
  expect((await write('visit-register', visit)).closedAt).toBe(site.now)
  expect((await write('visit-register', { ...visit, reply: 'specialist' })).closedAt).toBeNull()
  await expect(write('visitors', { contact: '林女士', kind: 'guest', place: 'f5-w', host: '陈立' })).rejects.toMatchObject({
    code: 'invalid',
  })
})

it('R24: each complaint, and what came of it, stands in the duty record of a site that works so, once each', async () => {
  const complaint = { address: 'f5-w', content: '有异味', category: 'cleaning', contact: '陈立', phone: '138', way: 'phone' }
  const records = async () =>
    (await site.db.selectFrom('register_entry').selectAll().where('register', '=', 'duty-record').orderBy('id').execute()).map(
      e => [e.case_id, JSON.parse(e.form_json)],
    )
  await site.open('desk', 'complaint', complaint)
  expect(await records()).toEqual([])
  await site.set('complaints-in-duty-record', true)
  const { id, number } = await site.open('desk', 'complaint', complaint)
  await site.act('desk', id, 'handle', { result: '已通风' })
  expect(await records()).toEqual([
    [id, expect.objectContaining({ matter: `${number} 有异味`, place: 'f5-w' })],
    [id, expect.objectContaining({ matter: `${number} 有异味`, outcome: '已通风' })],
  ])
})

it('R46: a resident’s order stands in the record at once, and is completed there when it is done and the task sheet is back', async () => {
  await site.set('repair-record-kept', true)
  const order = { address: 'f5-w', content: '灯不亮', contact: '陈立', phone: '138', kind: 'repair' }
  const { id } = await site.open('desk', 'repair', order)
  await site.open('desk', 'repair', { ...order, kind: 'equipment' })
  const [row, ...more] = await site.db.selectFrom('register_entry').selectAll().where('register', '=', 'repair-record').execute()
  expect(more).toEqual([])
  expect([row?.case_id, JSON.parse(row?.form_json ?? '')]).toEqual([
    id,
    { matter: '灯不亮', place: 'f5-w', contact: '陈立', phone: '138' },
  ])
  const back = () =>
    site.as('desk', work =>
      closeEntries(
        work,
        registerOf(site.books.manual, 'repair-record'),
        { entries: [row?.id ?? ''], said: { completed: site.now } },
        { roles: ['front-desk'] },
      ),
    )
  await expect(back()).rejects.toMatchObject({ code: 'case-still-open' })
  await site.act('engineer', id, 'finish', { result: '换灯管' })
  await back()
  expect((await entry(row?.id ?? '')).closed_at).toBe(site.now)
})

it('R59: each round of a workday is written down with what was wrong, an order may come of it, and what is owed of them is counted', async () => {
  const round = { area: '1–6F', hygiene: 'good', engineering: 'good' }
  await expect(write('area-rounds', { ...round, engineering: 'bad' })).rejects.toMatchObject({ field: 'matter' })
  await write('area-rounds', { ...round, engineering: 'bad', matter: '3F 灯不亮' })
  const today = { ...month(), stretch: { from: site.now, to: site.now + 86_400_000 } }
  expect((await rounds.evidence?.['rounds-made']?.count(today))?.figures).toEqual({ entries: 1, roundsOwed: 1 })
  await write('area-rounds', round)
  expect((await rounds.evidence?.['rounds-made']?.count(today))?.figures).toEqual({ entries: 2, roundsOwed: 0 })
})

it('R74: each contractor is reviewed in writing to the manager; in a month of reviews those who were not are counted', async () => {
  const firm = (name: string) =>
    site.as('head', work =>
      saveThing(
        work,
        site.books.engine.around,
        'contractor',
        { id: null, form: { firm: name, trade: 'lifts', phone: '0000 1234' } },
        who('head'),
      ),
    )
  const [lifts] = [await firm('电梯维保单位'), await firm('绿化单位')]
  const review = { contractor: lifts.id, quality: 'good', response: 'fair', matters: '照明材料由我方提供' }
  await expect(write('contractor-reviews', { ...review, contractor: 'nobody' })).rejects.toMatchObject({ field: 'contractor' })
  const { readAt } = await write('contractor-reviews', review)
  expect(readAt).toBeNull()
  const figures = await contractors.evidence?.['contractors-reviewed']?.count(month())
  expect(figures?.figures).toEqual({ contractors: 2, unreviewed: 1 })
})

it('R9: what customers say is gathered by what it is about, and counted so, with how far each has come', async () => {
  await expect(site.open('desk', 'enquiry', { ...asked, kind: 'opinion' })).rejects.toMatchObject({ field: 'category' })
  const { id } = await site.open('desk', 'enquiry', { ...asked, kind: 'opinion', category: 'cleaning', content: '大堂地滑' })
  await site.open('desk', 'enquiry', { ...asked, kind: 'wish', category: 'fees', content: '想按月付' })
  await site.open('desk', 'enquiry', { ...asked, kind: 'enquiry' })
  await site.act('desk', id, 'answer', { answer: '已加垫' })
  site.now += 60_000
  expect((await opinions.count(month())).figures).toEqual({ opinions: 1, wishes: 1, instructed: 0, open: 1 })
  const [byKind, each] = (await opinions.tables?.(month())) ?? []
  expect(byKind?.rows.map(r => r.map(c => (typeof c === 'number' ? c : textIn('zh', c))))).toEqual([
    ['保洁绿化', 1, 1, 0],
    ['收费', 1, 0, 1],
  ])
  expect(each?.rows).toHaveLength(2)
})

it('R14: the occupancy tables are those of the last day of the month, the one for outsiders without people', async () => {
  const { figures } = await occupancy.count(month())
  expect(figures).toMatchObject({ customers: 1, units: 1 })
  expect(figures['vacant']).toBe(site.books.directory.units.length - 1)
  const [inside, outside] = (await occupancy.tables?.(month())) ?? []
  expect(inside?.rows[0]).toEqual([expect.anything(), '示例公司', expect.anything(), '张伟', '138', '', ''])
  expect(outside?.rows[0]).toEqual([expect.anything(), '示例公司'])
})

it('R58: vacant rooms are one list, each once; what had no full clean in its time, or stands in no list, is counted', async () => {
  const empty = site.books.directory.units.length - 1
  await write('vacant-rooms', { place: 'f5-w', since: '2026-11-01' })
  await expect(write('vacant-rooms', { place: 'f5-w', since: '2026-11-02' })).rejects.toMatchObject({ field: 'place' })
  expect((await vacantCleaned.count(month())).figures).toEqual({ vacant: 1, cleaned: 0, uncleaned: 1, unlisted: empty - 1 })
  await write('vacant-cleaning', { place: 'f5-w', found: 'good', cleaner: '陈姐' })
  expect((await vacantCleaned.count(month())).figures).toMatchObject({ cleaned: 1, uncleaned: 0 })
})

it('R2: salespeople are not turned away: what they leave is kept, and the month is closed when the manager has all of it', async () => {
  const { id } = await write('leaflet-register', { company: '印务公司', material: '样册 3 份' })
  const evidence = leaflets.evidence?.['leaflets-kept']
  const count = async () => (await evidence?.count(month()))?.figures
  expect(await count()).toEqual({ entries: 1, atTheDesk: 1 })
  expect(evidence?.mustBeNothing).toEqual({ atTheDesk: 'entries-open' })
  await site.as('desk', work => closeEntries(work, leafletRegister, { entries: [id], said: {} }, who('desk')))
  expect(await count()).toEqual({ entries: 1, atTheDesk: 0 })
})

it('R72: nobody is admitted before his document was looked at; a sightseer has a pass, and who is still in at night is told', async () => {
  const guest = { contact: '刘洋', kind: 'guest', document: 'identity', place: 'f5-w', host: '陈立' }
  await expect(write('visitors', guest)).rejects.toMatchObject({ field: 'shown' })
  await expect(write('visitors', { ...guest, shown: true, kind: 'sightseer' })).rejects.toMatchObject({ field: 'pass' })
  await write('visitors', { ...guest, shown: true, kind: 'sightseer', pass: '参-01' })
  await expect(write('visitors', { ...guest, shown: true, kind: 'sightseer', pass: '参-01' })).rejects.toMatchObject({
    field: 'pass',
  })
  const { id } = await write('visitors', { ...guest, shown: true })
  await site.as('desk', work => closeEntries(work, visitors, { entries: [id], said: {} }, who('desk')))
})

it('R71: of registered vehicles each owner is confirmed, in and out, and the rest is counted', async () => {
  const form = { plate: '沪A·12345', owner: '陈立' }
  const car = await site.as('head', work => saveThing(work, site.books.engine.around, 'vehicle', { id: null, form }, who('head')))
  await expect(write('vehicle-passages', { way: 'in' })).rejects.toMatchObject({ field: 'plate' })
  await write('vehicle-passages', { way: 'in', vehicle: car.id, confirmed: true })
  await write('vehicle-passages', { way: 'out', vehicle: car.id })
  await write('vehicle-passages', { way: 'in', plate: '浙B·1' })
  const figures = await gatehouse.evidence?.['owners-confirmed']?.count(month())
  expect(figures?.figures).toEqual({ passages: 3, registered: 2, confirmed: 1, unconfirmed: 1 })
})

it('R62: a day of duty looks at every area, its effect lighting too; what was not is counted', async () => {
  const seen = { state: 'good', staff: 'good', lamps: 'on' }
  for (const area of ['managed', 'public', 'bank']) await write('duty-rounds', { area, ...seen })
  const figures = await dutyRecord.evidence?.['areas-seen']?.count(month())
  expect(figures?.figures).toEqual({ entries: 3, areasOwed: 3 })
})

it('R61: what was grave goes over when it is done, too, with its result, and asks for no further word', async () => {
  const form = { address: 'f5-w', content: '水管爆裂', contact: '陈立', phone: '138', kind: 'repair' }
  const { id } = await site.open('desk', 'repair', { ...form, major: true })
  const small = await site.open('desk', 'repair', { ...form, content: '灯不亮' })
  const drafted = async () =>
    (await draftNow({ ...site.books.engine.around, db: site.db, at: site.now })).filter(d => [id, small.id].includes(d.ref))
  expect((await drafted()).map(d => [d.ref, d.needsRemark])).toEqual([
    [id, true],
    [small.id, true],
  ])
  for (const c of [id, small.id]) await site.act('engineer', c, 'finish', { result: '已换管' })
  const [done, ...more] = await drafted()
  expect([done?.ref, done?.needsRemark, more]).toEqual([id, false, []])
  expect(textIn('zh', done?.text ?? '')).toMatch(/水管爆裂.*已完成.*已换管/)
  site.now += 13 * 3_600_000
  expect(await drafted()).toEqual([])
})
