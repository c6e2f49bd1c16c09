import { afterEach, beforeEach, expect, it } from 'vitest'
import type { CaseFigures, CaseHead } from '#api/models/cases'
import { caseRoutes } from '../../console/server/http/caseRoutes.ts'
import { type Name, refusal, TriedSite } from '../unit/settings/site.ts'

/** What is counted of any procedure (design §6): each number is its records, and nobody counts what is kept from him. */
let site: TriedSite
beforeEach(async () => {
  site = await TriedSite.open()
})
afterEach(() => site.close())

const november = { from: '2026-11-01', to: '2026-11-30' }
const figures = async (procedure: string, over: object = {}, name: Name = 'desk') =>
  (await site.ask(name, caseRoutes, '/case-figures', { procedure, ...november, ...over })) as CaseFigures
const records = (procedure: string, by: string, value: string, name: Name = 'desk') =>
  site.ask(name, caseRoutes, '/case-figures/records', { procedure, ...november, by, value }) as Promise<CaseHead[]>
const counts = (f: CaseFigures) =>
  Object.fromEntries(f.groups.map(g => [g.by, Object.fromEntries(g.values.map(v => [v.value, v.n]))]))
const order = { address: 'f5-w', content: '漏水', contact: '陈立', phone: '138', kind: 'repair' }

it('counts by state, by each choice of the form and by how the clocks came out; behind each number stand as many records', async () => {
  const hour = 3_600_000
  const promise = () => ({ promised: site.now + hour })
  const done = await site.open('desk', 'repair', { ...order, ...promise() })
  await site.act('engineer', done.id, 'finish', { result: '好了' })
  const late = await site.open('desk', 'repair', { ...order, ...promise(), kind: 'round' })
  site.now += 2 * hour
  await site.act('engineer', late.id, 'finish', { result: '好了' })
  await site.open('desk', 'repair', { ...order, ...promise() }, true)
  site.now += 24 * hour
  await site.open('desk', 'repair', order)
  const f = await figures('repair')
  expect(f).toMatchObject({ count: 4 })
  expect(f.bars.filter(b => b.n > 0)).toEqual([
    { at: '2026-11-24', n: 3 },
    { at: '2026-11-25', n: 1 },
  ])
  expect(f.bars).toHaveLength(30)
  expect(counts(f)).toMatchObject({
    'form.kind': { repair: 3, round: 1 },
    urgent: { true: 1, '': 3 },
    'clock.promised': { met: 1, late: 1, running: 1 },
  })
  for (const g of f.groups)
    for (const v of g.values) expect(await records('repair', g.by, v.value), `${g.by} ${v.value}`).toHaveLength(v.n)
  expect((await records('repair', 'clock.promised', 'late')).map(c => c.id)).toEqual([late.id])
  // Neither another procedure nor another month is counted.
  expect(await figures('repair', { from: '2026-12-01', to: '2026-12-31' })).toMatchObject({ count: 0, groups: [] })
  expect(await figures('complaint')).toMatchObject({ count: 0 })
})

it('a long stretch has a bar for each month, one of over a year is refused, and so is who does not see the procedure', async () => {
  await site.open('desk', 'repair', order)
  const year = await figures('repair', { from: '2026-01-01', to: '2026-12-31' })
  expect(year.bars).toHaveLength(12)
  expect(year.bars.find(b => b.n > 0)).toEqual({ at: '2026-11', n: 1 })
  expect(await refusal(figures('repair', { from: '2025-11-01', to: '2026-11-30' }))).toBe('too-long')
  expect(await refusal(figures('repair', { from: '2026-11-02', to: '2026-11-01' }))).toBe('ends-before-start')
  expect(await refusal(figures('regular-cleaning', {}, 'engineer'))).toBe('not-your-role')
})

it('counts beyond a page of the books, also where all were opened in one instant', async () => {
  const { id } = await site.open('desk', 'repair', order)
  await site.books.books.write(async tx => {
    const row = await tx.selectFrom('case_file').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    for (let n = 0; n < 21; n++) {
      const some = Array.from({ length: 100 }, (_, i) => ({ ...row, id: `${id}-${n}-${i}`, number: `${row.number}-${n}-${i}` }))
      await tx.insertInto('case_file').values(some).execute()
    }
  })
  const f = await figures('repair')
  expect(f.count).toBe(2101)
  expect(counts(f)['state']).toEqual({ sent: 2101 })
  expect(await records('repair', 'state', 'sent')).toHaveLength(200)
})

it('a complaint about somebody is not counted for him', async () => {
  const complaint = {
    ...{ address: 'f5-w', content: '态度不好', category: 'staff', contact: '陈立', phone: '138', way: 'phone', major: false },
    against: 'head',
  }
  await site.open('desk', 'complaint', complaint)
  expect([await figures('complaint'), await figures('complaint', {}, 'head')]).toMatchObject([{ count: 1 }, { count: 0 }])
})
