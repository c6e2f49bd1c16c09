import { afterEach, beforeEach, expect, it } from 'vitest'
import type { HandoverReadiness, MyDay } from '#api/models/duties'
import type { User } from '#api/models/people'
import { textIn } from '#api/words/text'
import type { Desk } from '../../console/server/desk/desk.ts'
import { myDay } from '../../console/server/desk/myDay.ts'
import { remarkItem } from '../../console/subjects/handover/items.ts'
import { readinessOf } from '../../console/subjects/handover/readiness.ts'
import { TriedSite, who, zone } from '../unit/settings/site.ts'

/** The page of the day (looks): what a shift still lacks before it is handed over (R61), and what of the agenda is still to come. */
let site: TriedSite
beforeEach(async () => {
  site = await TriedSite.open()
})
afterEach(() => site.close())
const desk = () => ({ ...site.books, duties: site.duties, wall: () => site.now }) as unknown as Desk
const user = (name: Parameters<typeof who>[0]) => ({ ...who(name), name }) as unknown as User
/** Without what nobody can say of equipment: no agent has been heard here. */
const ready = async (name: Parameters<typeof who>[0] = 'desk'): Promise<HandoverReadiness> => {
  const found = await readinessOf(desk(), user(name))
  const named = found.lacking.named.filter(l => l.kind !== 'equipment')
  return { ...found, lacking: { n: named.length, named } }
}
const day = (name: Parameters<typeof who>[0]): Promise<MyDay> => myDay(desk())(user(name))
const order = (content: string) => ({ address: 'f5-w', content, contact: '林女士', phone: '139', kind: 'repair' })

it('a shift lacks a word to each open matter, by what is so now and then by its own list; what has come since is lacking again', async () => {
  expect(await ready()).toMatchObject({ handover: null, lacking: { n: 0 }, grave: null })
  const { id } = await site.open('desk', 'repair', order('灯不亮'))
  const before = await ready()
  expect(before.lacking.n).toBe(1)
  expect(before.lacking.named.map(l => textIn('zh', l.text))).toEqual([expect.stringContaining('灯不亮')])
  const file = await site.open('desk', 'handover', { shift: 'day', incoming: 'operator' })
  expect(await ready()).toMatchObject({ handover: { number: file.number }, lacking: { n: 1 } })
  // It is his own shift: somebody else's says nothing of it.
  expect((await ready('operator')).handover).toBeNull()
  const item = await site.db
    .selectFrom('handover_item')
    .select('n')
    .where('case_id', '=', file.id)
    .where('ref', '=', id)
    .executeTakeFirstOrThrow()
  await site.as('desk', work => remarkItem(work, file, item.n, '等配件'))
  const said = await ready()
  expect([said.lacking.n, said.taken.find(t => t.kind === 'case')?.n]).toEqual([0, 1])
  await site.open('desk', 'repair', order('马桶漏水'), true)
  expect(await ready()).toMatchObject({ lacking: { n: 1 } })
})

it('whom a complaint is about is not told of it by what is lacking', async () => {
  const complaint = {
    ...{
      contact: '林女士',
      phone: '139',
      address: 'f5-w',
      content: '态度差',
      way: 'phone',
      category: 'staff',
      against: 'operator',
    },
  }
  await site.open('desk', 'complaint', complaint)
  expect((await ready('head')).lacking.n).toBe(1)
  expect(await ready('operator')).toMatchObject({ lacking: { n: 0 } })
})

it('the agenda of today is what is still to begin or to end, for whoever may see it', async () => {
  const from = Date.parse('2026-11-24T19:00:00+08:00')
  const form = { zone, from, to: from + 3_600_000, contact: '张伟', phone: '138', quotedFen: 12_000 }
  await site.open('desk', 'overtime', form)
  expect((await day('desk')).agenda).toMatchObject([{ from, to: from + 3_600_000 }])
  expect((await day('guard')).agenda).toEqual([])
  site.now = from + 1_800_000
  expect((await day('desk')).agenda.length).toBe(1)
  site.now = from + 3_600_000
  expect((await day('desk')).agenda).toEqual([])
})
