import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CaseFull, CaseHead, HandoverItem } from '#api/models/cases'
import type { MyDay } from '#api/models/duties'
import type { Alarm } from '#api/models/live'
import { textIn } from '#api/words/text'
import { answerTicket } from '../harness/answerTicket.ts'
import { type Person, signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

let stack: Stack
let outgoing: Person
let incoming: Person
let head: Person
beforeAll(async () => {
  stack = await startStack({ at: '2026-11-20T17:00:00+08:00' })
  outgoing = await signIn(stack.url, 'operator')
  incoming = await signIn(stack.url, 'guard')
  head = await signIn(stack.url, 'supervisor')
})
afterAll(() => stack?.stop())

const act = (who: Person, id: string, verb: string, said: object = {}) =>
  who.post<CaseFull & { detail?: object }>(`/cases/${id}/acts/${verb}`, said)
const read = async (id: string) => (await outgoing.get<CaseFull>(`/cases/${id}`)).body
const open = async () =>
  (await outgoing.post<CaseFull>('/cases', { procedure: 'handover', form: { shift: 'day', incoming: '赵磊' } })).body
const stateFit = (id: string, said: object = { fit: 'clear' }) => act(outgoing, id, 'state-fit', said)
const standing = async () => (await outgoing.get<Alarm[]>('/alarms')).body.filter(a => a.returnedAt === null)
/** Gives every item that needs one its reason, and has the incoming person go through all of them. */
const prepare = async (id: string) => {
  for (const i of (await read(id)).items.filter(x => x.needsRemark && !x.over && x.remark === null))
    expect(await outgoing.post(`/cases/${id}/items/${i.n}/remark`, { remark: '待下一班跟进' })).toMatchObject({ status: 200 })
  expect(await act(outgoing, id, 'ready')).toMatchObject({ status: 200 })
}
const checkAll = async (id: string) => {
  for (const i of (await read(id)).items.filter(x => !x.over)) await incoming.post(`/cases/${id}/items/${i.n}/check`)
}

it('is drafted from live state; goes over item by item, each with its reason, and both sign', async () => {
  await until('the building to run', async () => (await stack.point('ahu-1', 'fan_fb')) === true, 40_000)
  await stack.sim('PUT', '/devices/ahu-1/points/filter_dirty', { value: true })
  await stack.sim('PUT', '/devices/d-5/points/held', { value: true })
  const until2030 = Date.parse('2026-11-20T20:30:00+08:00')
  await outgoing.order({ kind: 'hold', point: 'zc-8w/temp_sp', value: 22, level: 8, until: until2030 }, '客户要求')
  const order = (
    await outgoing.post<CaseFull>('/cases', {
      procedure: 'repair',
      form: { address: 'f9-w', content: '灯不亮', contact: '苏晴', phone: '138', kind: 'repair' },
    })
  ).body
  await until('the door alarm', async () => (await standing()).some(a => a.key === 'd-5/held'))
  const file = await until('a draft with the hold in it', async () => {
    const drafted = await open()
    if (drafted.items?.some(i => i.kind === 'hold')) return drafted
    await act(outgoing, drafted.id, 'call-off', { reason: 'too early' })
    return undefined
  })
  const of = (kind: HandoverItem['kind'], from: CaseFull = file) => from.items.filter(i => i.kind === kind)
  expect(of('case').map(i => i.ref)).toContain(order.id)
  expect(
    of('alarm')
      .map(i => textIn('zh', i.text))
      .join(),
  ).toContain('门超时未关')
  expect(of('hold').map(i => i.ref)).toEqual(['zc-8w/temp_sp'])

  // The third ban: preparation is not finished.
  expect(await act(incoming, file.id, 'take-over')).toMatchObject({ status: 409, body: { error: 'not-in-this-state' } })
  expect(await act(outgoing, file.id, 'ready')).toMatchObject({
    status: 409,
    body: { error: 'remarks-missing' },
  })
  expect(await act(incoming, file.id, 'ready')).toMatchObject({
    status: 409,
    body: { error: 'not-own-shift' },
  })
  // C8: a site may forbid it altogether.
  const manager = await signIn(stack.url, 'manager')
  const carry = (value: boolean) => manager.call('PUT', '/settings/handover-carries', { value, reason: 'C8' })
  await carry(false)
  expect(await act(outgoing, file.id, 'ready')).toMatchObject({
    status: 409,
    body: { error: 'matters-open' },
  })
  await carry(true)
  await prepare(file.id)
  expect(await act(outgoing, file.id, 'take-over')).toMatchObject({ status: 409, body: { error: 'own-shift' } })
  // The fourth ban: the outgoing says how the incoming is, not he himself; unfit, nobody takes over before a substitute is found.
  expect(await act(incoming, file.id, 'take-over')).toMatchObject({ status: 409, body: { error: 'fitness-unstated' } })
  expect(await stateFit(file.id, { fit: 'unfit' })).toMatchObject({ status: 200 })
  expect(await act(incoming, file.id, 'take-over')).toMatchObject({ status: 409, body: { error: 'unfit' } })
  expect(await act(incoming, file.id, 'state-fit', { fit: 'clear' })).toMatchObject({ status: 409 })
  await stateFit(file.id, { fit: 'unfit', substitute: '王建国' })
  expect(await act(incoming, file.id, 'take-over')).toMatchObject({ status: 409, body: { error: 'not-the-taker' } })
  await stateFit(file.id)
  expect(await act(head, file.id, 'take-over')).toMatchObject({ status: 409, body: { error: 'not-the-taker' } })
  expect(await act(incoming, file.id, 'take-over')).toMatchObject({ status: 409, body: { error: 'items-unchecked' } })
  await checkAll(file.id)
  // A guard does not see repair orders: he goes through them by their number.
  const [seen] = (await incoming.get<CaseFull>(`/cases/${file.id}`)).body.items.filter(i => i.ref === order.id)
  expect(textIn('zh', seen?.text ?? '')).toBe(order.number)
  expect(await act(incoming, file.id, 'take-over')).toMatchObject({ status: 200, body: { state: 'signed' } })
  const { facts, events } = await read(file.id)
  expect(facts).toMatchObject({ ready: { signature: '何敏', by: '何敏' }, 'take-over': { signature: '赵磊', by: '赵磊' } })
  expect(events.filter(e => e.verb === 'item-check').length).toBeGreaterThanOrEqual(3)
})

it('the first ban: not while a level 1 or 2 event is open; its written report is owed the next day and blocks nothing', async () => {
  await stack.sim('PUT', '/devices/d-b1/points/forced', { value: true })
  const ticket = await until('the ticket', async () =>
    (await outgoing.get<CaseHead[]>('/cases?procedure=emergency&open=true')).body.find(c => c.form['kind'] === 'intrusion'),
  )
  const file = await open()
  expect(file.items.some(i => i.kind === 'emergency' && i.ref === ticket.id)).toBe(true)
  await prepare(file.id)
  await stateFit(file.id)
  await checkAll(file.id)
  expect(await act(incoming, file.id, 'take-over')).toMatchObject({ status: 409, body: { error: 'emergency-open' } })
  await stack.sim('PUT', '/devices/d-b1/points/forced', { value: false })
  await answerTicket(outgoing, ticket.id)
  await until(
    'the ticket to be closed',
    async () => (await act(outgoing, ticket.id, 'close', { reason: '误报', outcome: 'false-alarm' })).status === 200,
    60_000,
  )
  // What has changed since is drafted anew: the event is done and goes over as such, with what was said at its end (R61); remarks stay.
  const again = (await act(outgoing, file.id, 'redraft')).body
  const done = again.items.find(i => i.ref === ticket.id)
  expect(done).toMatchObject({ over: false, needsRemark: false, checkedAt: null })
  expect(textIn('zh', done?.text ?? '')).toMatch(/关闭.*误报/)
  await prepare(file.id)
  await stateFit(file.id)
  await checkAll(file.id)
  expect(await act(incoming, file.id, 'take-over')).toMatchObject({ status: 200 })
  const duties = (await head.get<{ routine: string; period: string; limitAt: number }[]>('/duties?from=2026-11-20&to=2026-11-22'))
    .body
  const report = duties.find(d => d.routine === 'event-report')
  expect(report).toMatchObject({ period: ticket.number, limitAt: Date.parse('2026-11-21T23:59:00+08:00') })
  expect((await head.get<MyDay>('/my-day')).body.duties.some(d => d.routine === 'event-report')).toBe(false)
})

it('the second ban: not while major equipment starts or stops, as the edge reports it', async () => {
  // A start that does not finish: the fan is told to run and stands.
  await stack.sim('PUT', '/devices/ahu-4/points/fan_fb', { value: false })
  const file = await until('a draft that names it', async () => {
    const drafted = await open()
    if (drafted.items?.some(i => i.kind === 'equipment' && i.ref === 'ahu-4')) return drafted
    await act(outgoing, drafted.id, 'call-off', { reason: 'too early' })
    return undefined
  })
  await prepare(file.id)
  await stateFit(file.id)
  await checkAll(file.id)
  expect(await act(incoming, file.id, 'take-over')).toMatchObject({ status: 409, body: { error: 'equipment-moving' } })
  await stack.sim('DELETE', '/devices/ahu-4/points/fan_fb')
  await until(
    'it to run, and the handover to be signed',
    async () => (await act(incoming, file.id, 'take-over')).status === 200,
    30_000,
  )
})

it('goods and orders go over as items of their own; what has come since the draft is drafted anew; a guard reads no orders that he may not see', async () => {
  const order = async (content: string) => {
    const form = { address: 'f9-w', content, contact: '苏晴', phone: '138', kind: 'repair' }
    return (await outgoing.post<CaseFull>('/cases', { procedure: 'repair', form })).body
  }
  const before = await order('女更衣室锁坏')
  const form = { shift: 'day', incoming: '赵磊', notes: '经理：明早验收' }
  const file = (await outgoing.post<CaseFull>('/cases', { procedure: 'handover', form })).body
  expect(file.items.filter(i => i.kind === 'goods').map(i => textIn('zh', i.text))).toEqual([
    '办公用品',
    '通讯器材',
    '资料',
    '样板间钥匙',
  ])
  expect(textIn('zh', file.items.find(i => i.kind === 'note')?.text ?? '')).toBe('经理：明早验收')
  const item = file.items.find(i => i.ref === before.id)
  await outgoing.post(`/cases/${file.id}/items/${item?.n}/remark`, { remark: '客户为费用争执' })
  const guards = JSON.stringify((await incoming.get<CaseFull>(`/cases/${file.id}`)).body)
  expect(guards).toContain(before.number)
  expect(guards).not.toContain('女更衣室')
  expect(guards).not.toContain('费用争执')
  expect(JSON.stringify(await read(file.id))).toContain('费用争执')
  const late = await order('走廊灯不亮')
  for (const i of (await read(file.id)).items.filter(x => x.needsRemark && !x.over && x.remark === null))
    await outgoing.post(`/cases/${file.id}/items/${i.n}/remark`, { remark: '待下一班跟进' })
  expect(await act(outgoing, file.id, 'ready')).toMatchObject({
    status: 409,
    body: { error: 'list-outdated' },
  })
  await act(outgoing, file.id, 'redraft')
  expect((await read(file.id)).items.some(i => i.ref === late.id)).toBe(true)
  await prepare(file.id)
})
