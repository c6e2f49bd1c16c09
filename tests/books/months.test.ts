import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MonthVerb } from '#api/models/months'
import type { Role } from '#api/rights'
import { chargeService, correctCharge } from '../../console/server/engine/serviceCharges.ts'
import { chargeMonths } from '../../console/subjects/cleaning/monthly.ts'
import { actOnMonth, isHandedIn, monthOf } from '../../console/subjects/monthEnd/months.ts'
import { refusal, TriedSite } from '../unit/settings/site.ts'

const day = 86_400_000
let site: TriedSite
beforeEach(async () => {
  site = await TriedSite.open()
  // The last day of a month on which people work.
  site.now = Date.parse('2026-11-30T09:00:00+08:00')
})
afterEach(() => site.close())

const people: Record<string, Role[]> = {
  desk: ['front-desk'],
  head: ['supervisor'],
  finance: ['finance'],
  both: ['supervisor', 'finance'],
  guard: ['guard'],
}
const someone = (id: string) => ({ id, display: id, roles: people[id] ?? [] })
const around = () => site.books.engine.around
const month = (m: string, by = 'head') => monthOf(around(), site.db, m, someone(by))
const act = async (m: string, verb: MonthVerb, by: string, seen?: { lines: number; totalFen: number }, reason = '') => {
  const { lines, totalFen } = await month(m)
  return site.books.unit({ id: by, display: by, station: 'test', proven: true }, work =>
    actOnMonth(work, around(), m, verb, { seen: seen ?? { lines: lines.length, totalFen }, reason }, someone(by)),
  )
}
/** Something was served and signed for. */
const served = async (fen: number, of = '12F') => {
  const form = { address: 'f12-e', contact: '张伟', phone: '138', wishes: of }
  const { id } = await site.open('desk', 'special-cleaning', form)
  await site.act('desk', id, 'agree', { when: site.now, priceFen: fen })
  await site.act('desk', id, 'serve')
  await site.act('desk', id, 'sign', { satisfied: 'good', signature: '张伟' })
  return id
}
const shown = async (m: string) => (await month(m)).lines.map(l => [l.fen, l.kind, l.month])

describe('a month', () => {
  it('goes to Finance as it stands; what is made afterwards, also before midnight, is carried into the next (R38)', async () => {
    await served(10_000)
    site.now = Date.parse('2026-11-30T16:00:00+08:00')
    await served(20_000)
    expect(await month('2026-11')).toMatchObject({ state: 'draft', totalFen: 30_000, verbs: ['check'] })
    await act('2026-11', 'check', 'head')
    await act('2026-11', 'hand', 'desk')
    site.now = Date.parse('2026-11-30T23:30:00+08:00')
    await served(5_000)
    expect(await month('2026-11')).toMatchObject({ state: 'handed', totalFen: 30_000, later: { lines: 1, fen: 5_000 } })
    site.now = Date.parse('2026-12-31T10:00:00+08:00')
    await served(7_000)
    expect(await shown('2026-12')).toEqual([
      [5_000, 'carried', '2026-11'],
      [7_000, 'own', '2026-12'],
    ])
    await act('2026-12', 'check', 'head')
    await act('2026-12', 'hand', 'desk')
    const billed = await site.db.selectFrom('sheet_line').select(['sheet', 'fen']).orderBy('sheet').orderBy('n').execute()
    expect(billed.reduce((s, b) => s + b.fen, 0)).toBe(42_000)
    expect((await month('2026-11')).later).toEqual({ lines: 0, fen: 0 })
  })
  it('a line that changes after it went is a difference, and what went stays as it went', async () => {
    const id = await served(10_000)
    await act('2026-11', 'check', 'head')
    await act('2026-11', 'hand', 'desk')
    await site.books.books.write(tx => tx.updateTable('service_charge').set({ fen: 8_000 }).where('case_id', '=', id).execute())
    expect(await shown('2026-11')).toEqual([[10_000, 'own', '2026-11']])
    expect((await month('2026-11')).later).toEqual({ lines: 1, fen: -2_000 })
    site.now += 10 * day
    expect(await shown('2026-12')).toEqual([[-2_000, 'adjusted', '2026-11']])
    const change = site.books.books.write(tx => tx.updateTable('sheet_line').set({ fen: 1 }).execute())
    await expect(change).rejects.toThrow(/never changed/)
  })
  it('not before its last working day, nor before the month that it follows', async () => {
    await served(10_000)
    site.now = Date.parse('2026-12-30T10:00:00+08:00')
    await served(5_000)
    await act('2026-12', 'check', 'head')
    expect(await refusal(act('2026-12', 'hand', 'desk'))).toBe('too-early')
    site.now = Date.parse('2026-12-31T10:00:00+08:00')
    expect(await refusal(act('2026-12', 'hand', 'desk'))).toBe('month-before-open')
    await act('2026-11', 'check', 'head')
    await act('2026-11', 'hand', 'desk')
    expect(await refusal(act('2026-12', 'hand', 'desk'))).toBe('changed-since-checked')
    await act('2026-12', 'back', 'head')
    await act('2026-12', 'check', 'head')
    await act('2026-12', 'hand', 'desk')
    expect((await month('2026-12')).totalFen).toBe(5_000)
  })
  it('is handed in as it was checked, or checked again', async () => {
    await served(10_000)
    await act('2026-11', 'check', 'head')
    await served(5_000)
    expect(await refusal(act('2026-11', 'hand', 'desk'))).toBe('changed-since-checked')
    await act('2026-11', 'back', 'desk')
    await act('2026-11', 'check', 'head')
    await act('2026-11', 'hand', 'desk')
    expect((await month('2026-11')).totalFen).toBe(15_000)
  })
  it('Finance sends back what it has, with its reason: it is open as it stands then and is handed in anew; not where a later month stands on it', async () => {
    await served(10_000)
    await act('2026-11', 'check', 'head')
    await act('2026-11', 'hand', 'desk')
    await served(3_000)
    expect(await refusal(act('2026-11', 'send-back', 'finance'))).toBe('said-nothing')
    expect(await refusal(act('2026-11', 'send-back', 'head', undefined, '-'))).toBe('not-your-role')
    await act('2026-11', 'send-back', 'finance', undefined, '12F 单价不对')
    expect(await month('2026-11')).toMatchObject({ state: 'draft', totalFen: 13_000, signed: { checked: null, handed: null } })
    const kept = await site.db
      .selectFrom('history')
      .selectAll()
      .where('record', '=', 'month/2026-11')
      .orderBy('n', 'desc')
      .execute()
    expect(kept[0]).toMatchObject({ verb: 'send-back', note: '12F 单价不对' })
    // What went the first time stays as it went, and bills nothing.
    const went = await site.db.selectFrom('sheet_line').select(['round', 'fen']).execute()
    expect(went).toEqual([{ round: 0, fen: 10_000 }])
    const told = await site.db.selectFrom('notice').select('roles_json').where('kind', '=', 'sent-back').execute()
    expect(told.map(n => JSON.parse(n.roles_json))).toEqual([['supervisor', 'front-desk']])
    await act('2026-11', 'check', 'head')
    await act('2026-11', 'hand', 'desk')
    expect(await shown('2026-11')).toEqual([
      [10_000, 'own', '2026-11'],
      [3_000, 'own', '2026-11'],
    ])
    site.now = Date.parse('2026-12-31T10:00:00+08:00')
    await served(7_000)
    await act('2026-12', 'check', 'head')
    await act('2026-12', 'hand', 'desk')
    expect(await refusal(act('2026-11', 'send-back', 'finance', undefined, '-'))).toBe('later-month-handed')
    expect(await shown('2026-12')).toEqual([[7_000, 'own', '2026-12']])
  })

  it('takes its steps in order, by whom they are, as he has seen it; nobody audits what he handed in', async () => {
    await served(10_000)
    expect(await refusal(act('2026-11', 'hand', 'desk'))).toBe('not-in-this-state')
    expect(await refusal(act('2026-11', 'check', 'desk'))).toBe('not-your-role')
    expect(await refusal(act('2026-11', 'check', 'guard'))).toBe('not-your-role')
    expect(await refusal(act('2026-12', 'check', 'head'))).toBe('too-early')
    expect(await refusal(act('2026-11', 'check', 'head', { lines: 1, totalFen: 9_999 }))).toBe('changed-meanwhile')
    await act('2026-11', 'check', 'both')
    await act('2026-11', 'back', 'head')
    expect((await month('2026-11')).signed.checked).toBeNull()
    await act('2026-11', 'check', 'both')
    await act('2026-11', 'hand', 'desk')
    expect((await month('2026-11', 'both')).verbs).toEqual([])
    expect(await refusal(act('2026-11', 'audit', 'both'))).toBe('own-entry')
    await act('2026-11', 'audit', 'finance')
    await act('2026-11', 'lock', 'finance')
    for (const verb of ['check', 'back', 'hand', 'audit', 'lock'] as const)
      expect(await refusal(act('2026-11', verb, 'finance'))).toBe('not-in-this-state')
    expect((await month('2026-11')).signed).toMatchObject({ handed: { by: 'desk' }, locked: { by: 'finance' } })
    expect(await isHandedIn(site.db, '2026-11')).toBe(true)
    const verbs = await site.db.selectFrom('history').select('verb').where('record', '=', 'month/2026-11').orderBy('n').execute()
    expect(verbs.map(v => v.verb)).toEqual(['check', 'back', 'check', 'hand', 'audit', 'lock'])
  })
})

describe('regular cleaning', () => {
  it('is charged by the month from the month that its agreement names, once each, also for months that went by while we were down (R39)', async () => {
    const { books, unit, rules, directory } = site.books
    const chores = () => chargeMonths({ books, unit, rules, directory }, site.now)
    const form = { address: 'f12-e', contact: '张伟', phone: '138' }
    const { id } = await site.open('desk', 'regular-cleaning', form)
    const agreed = { wishes: '每日', times: '18:00', monthlyFen: 42_000, first: '2026-12' }
    expect(await refusal(site.act('desk', id, 'sign', { signature: '张伟' }))).toBe('not-in-this-state')
    await site.act('desk', id, 'draft', agreed)
    expect(await refusal(site.act('head', id, 'approve'))).toBe('not-your-role')
    // Who has drafted it approves nothing, whatever roles he has besides.
    const both = { id: 'desk', display: 'desk', roles: ['front-desk', 'manager'] as Role[] }
    const approve = site.as('desk', work => site.books.engine.act(work, id, 'approve', {}, both))
    expect(await refusal(approve)).toBe('same-hands')
    await site.act('boss', id, 'approve')
    await site.act('desk', id, 'sign', { signature: '张伟' })
    await chores()
    const charged = () => site.db.selectFrom('service_charge').select(['month', 'fen', 'tenant']).orderBy('month').execute()
    expect(await charged()).toEqual([])
    site.now = Date.parse('2027-02-01T00:00:30+08:00')
    await chores()
    await chores()
    expect(await charged()).toEqual(['2026-12', '2027-01', '2027-02'].map(m => ({ month: m, fen: 42_000, tenant: 't' })))
    expect(await refusal(site.act('head', id, 'end', { reason: '搬走', last: '2027-03' }))).toBe('in-the-way')
    // He left with January: what February was charged comes to nothing.
    await site.act('head', id, 'end', { reason: '搬走', last: '2027-01' })
    site.now += 40 * day
    await chores()
    expect((await charged()).map(c => c.fen)).toEqual([42_000, 42_000, 0])
  })
  it('special cleaning is charged when the customer has signed, and once (R40)', async () => {
    const id = await served(9_900)
    expect(await shown('2026-11')).toEqual([[9_900, 'own', '2026-11']])
    const head = await site.books.engine.head(site.db, id)
    await site.as('desk', work => chargeService(work, site.books.directory, head, { zh: '', en: '' }, 1))
    expect(await shown('2026-11')).toHaveLength(1)
    // A slip of the pen is put right by somebody above, as he has seen it.
    const { charge } = (await month('2026-11')).lines[0] ?? { charge: '' }
    const correct = (by: string, fen: number, was: number) =>
      site.books.unit({ id: by, display: by, station: 'test' }, work =>
        correctCharge(work, charge, { fen, was, reason: '多写一个零' }, someone(by)),
      )
    expect(await refusal(correct('desk', 990, 9_900))).toBe('not-your-role')
    expect(await refusal(correct('head', 990, 1))).toBe('changed-meanwhile')
    await correct('head', 990, 9_900)
    expect(await shown('2026-11')).toEqual([[990, 'own', '2026-11']])
  })
})
