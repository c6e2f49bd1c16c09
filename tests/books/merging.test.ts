import { afterEach, beforeEach, expect, it } from 'vitest'
import { TriedSite } from '../unit/settings/site.ts'

/** The same matter reported twice (design §6): one goes on, the other ends in it, and both keep their histories. */
let site: TriedSite
beforeEach(async () => {
  site = await TriedSite.open()
})
afterEach(() => site.close())
const form = { address: 'f5-w', content: '漏水', contact: '陈立', phone: '138', kind: 'repair' }
const open = (over: object = {}, urgent = false) => site.open('desk', 'repair', { ...form, ...over }, urgent)
const merge = (id: string, into: string) => site.act('desk', id, 'merge', { into })
const verbs = async (record: string) =>
  (await site.db.selectFrom('history').select(['verb', 'note']).where('record', '=', record).orderBy('n').execute()).map(
    h => h.verb,
  )

it('ends in the other, which names it; its clock stops, and what was promised to the other stands', async () => {
  const one = await open()
  const two = await open({ content: '五楼西滴水', contact: '林女士', promised: site.now + 3_600_000 })
  expect(await merge(two.id, one.number)).toMatchObject({ state: 'merged', endedAt: site.now })
  expect((await site.books.engine.head(site.db, one.id)).state).toBe('sent')
  expect([await verbs(one.id), await verbs(two.id)]).toEqual([
    ['open', 'merged-in'],
    ['open', 'merge'],
  ])
  const links = await site.db.selectFrom('case_link').selectAll().execute()
  expect(links).toMatchObject([{ from_case: two.id, to_case: one.id, relation: 'merged' }])
  const clocks = await site.db.selectFrom('case_deadline').selectAll().where('case_id', '=', two.id).execute()
  expect(clocks.map(c => c.met_at)).toEqual([site.now])
  await expect(merge(two.id, one.number)).rejects.toMatchObject({ code: 'not-in-this-state' })
})

it('goes into nothing that is over, itself, another procedure, or unknown', async () => {
  const one = await open()
  const wish = await site.open('desk', 'enquiry', { contact: '陈立', phone: '138', content: '问电费', kind: 'enquiry' })
  const ended = await open()
  await site.act('engineer', ended.id, 'finish', { result: '好了' })
  for (const [into, code] of [
    [one.number, 'unknown-case'],
    [wish.number, 'unknown-case'],
    ['WX-19990101-0001', 'unknown-case'],
    [ended.number, 'case-is-over'],
  ] as const)
    await expect(merge(one.id, into)).rejects.toMatchObject({ code, field: 'into' })
  expect((await site.books.engine.head(site.db, one.id)).state).toBe('sent')
})

it('is no way round a guard: what is urgent or serious goes into nothing that is less, and what an alarm has opened into nothing', async () => {
  const plain = await open()
  const urgent = await open({}, true)
  const major = await open({ major: true })
  await expect(merge(urgent.id, plain.number)).rejects.toMatchObject({ code: 'less-grave' })
  await expect(merge(major.id, plain.number)).rejects.toMatchObject({ code: 'less-grave' })
  await expect(merge(major.id, urgent.number)).rejects.toMatchObject({ code: 'less-grave' })
  expect(await merge(plain.id, urgent.number)).toMatchObject({ state: 'merged' })
  const alarm = await open({ kind: 'equipment' })
  await expect(merge(alarm.id, urgent.number)).rejects.toMatchObject({ code: 'not-in-this-state' })
  await expect(site.act('engineer', urgent.id, 'merge', { into: major.number })).rejects.toMatchObject({ code: 'not-your-role' })
})
