import type { Request } from 'express'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OwnMatters } from '#api/models/selfService'
import { hashOfToken } from '../../console/server/auth/proofs.ts'
import type { Desk } from '../../console/server/desk/desk.ts'
import { makeContactLink, makePlate, withdraw } from '../../console/subjects/selfService/links.ts'
import { selfService } from '../../console/subjects/selfService/subject.ts'
import { TriedSite } from '../unit/settings/site.ts'

/** What customers reach from outside: a door that only reports, and a link of their own (R3, R45). */
let site: TriedSite
let desk: Desk
beforeEach(async () => {
  site = await TriedSite.open()
  desk = { ...site.books, wall: () => site.now } as unknown as Desk
  outside = selfService.openRoutes?.(desk) ?? []
})
afterEach(() => site.close())

let outside: NonNullable<ReturnType<NonNullable<typeof selfService.openRoutes>>>
const ask = (method: string, path: string, params: object, body: unknown = undefined, ip = '10.0.0.1') => {
  const route = outside.find(r => r.method === method && r.path === path)
  return Promise.resolve(route?.handle({ params, body, query: {}, request: { ip } as Request } as never))
}
const ulidOf = (n: number) => `01M8QQNTA55MTV9NSSACQK1${String(n).padStart(3, '0')}`
const report = (n: number, over: object = {}) => ({
  content: '灯不亮',
  contact: '林女士',
  phone: '139',
  sentAs: ulidOf(n),
  ...over,
})
const plate = async (unit = 'u12e') => (await site.as('desk', work => makePlate(work, site.books.directory, unit))).token
const orders = () => site.db.selectFrom('case_file').selectAll().where('procedure', '=', 'repair').orderBy('id').execute()

describe('R45: the code at a door', () => {
  const send = (token: string, body: object, ip?: string) => ask('post', '/door/:token/reports', { token }, body, ip)

  it('shows which building it is and nothing else, and makes one order of what is reported, however often it is sent', async () => {
    const token = await plate()
    expect(await ask('get', '/door/:token', { token })).toEqual({ site: site.books.site.name })
    expect(await send(token, report(1))).toBeUndefined()
    await send(token, report(1))
    const [order, ...more] = await orders()
    expect(more).toEqual([])
    expect(order).toMatchObject({ state: 'sent', place: 'u12e', tenant: 't', owner_id: null })
    expect(JSON.parse(order?.form_json ?? '')).toMatchObject({ kind: 'plate', content: '灯不亮', contact: '林女士' })
    await expect(send(token, report(1, { content: '水管漏' }))).rejects.toMatchObject({ code: 'sent-otherwise' })
  })

  it('takes so many in an hour as the site says, of a door and of an address, and none where the site wants none', async () => {
    await site.set('door-reports-per-hour', 2)
    const [one, two] = [await plate(), await plate('u12w')]
    for (const n of [1, 2]) await send(one, report(n))
    await expect(send(one, report(3))).rejects.toMatchObject({ code: 'too-many-reports' })
    await send(two, report(4))
    await expect(Promise.all([5, 6, 7].map(n => send(two, report(n), '10.0.0.9')))).rejects.toMatchObject({
      code: 'too-many-reports',
    })
    await site.set('door-reports-per-hour', null)
    for (const act of [ask('get', '/door/:token', { token: one }), send(one, report(8))])
      await expect(act).rejects.toMatchObject({ code: 'unknown-link' })
    expect((await orders()).length).toBe(4)
  })

  it('opens nothing once it is withdrawn, for another kind of link, or for a token that was never made', async () => {
    const { id, token } = await site.as('desk', work => makePlate(work, site.books.directory, 'u12e'))
    const { token: mine } = await site.as('desk', work => makeContactLink(work, 't', '张伟'))
    await expect(ask('get', '/door/:token', { token: mine })).rejects.toMatchObject({ code: 'unknown-link' })
    await expect(ask('get', '/mine/:token', { token })).rejects.toMatchObject({ code: 'unknown-link' })
    await expect(ask('get', '/door/:token', { token: 'x'.repeat(32) })).rejects.toMatchObject({ code: 'unknown-link' })
    await site.as('desk', work => withdraw(work, id))
    await expect(send(token, report(1))).rejects.toMatchObject({ code: 'unknown-link' })
    await expect(site.as('desk', work => withdraw(work, id))).rejects.toMatchObject({ code: 'already-done' })
    await expect(plate('nowhere')).rejects.toMatchObject({ field: 'unit' })
  })

  it('takes photos for what was just reported by this door, and for nothing else', async () => {
    const [token, other] = [await plate(), await plate('u12w')]
    await send(token, report(1))
    const [upload] = selfService.openUploads?.(desk) ?? []
    const admits = (t: string, n: number) => upload?.admits({ token: t, report: ulidOf(n) })
    expect(await admits(token, 1)).toBe((await orders())[0]?.id)
    await expect(admits(other, 1)).rejects.toMatchObject({ code: 'not-found' })
    await expect(admits(token, 2)).rejects.toMatchObject({ code: 'not-found' })
    await expect(admits('x'.repeat(32), 1)).rejects.toMatchObject({ code: 'unknown-link' })
    const file = { name: 'a.jpg', type: 'image/jpeg', bytes: 1, sha256: 'x', by_user: '-', by_id: null, at: 0 }
    for (const id of ['a', 'b', 'c'])
      await site.books.books.write(async tx =>
        tx
          .insertInto('attachment')
          .values({ ...file, id, case_id: (await orders())[0]?.id ?? '' })
          .execute(),
      )
    await expect(admits(token, 1)).rejects.toMatchObject({ code: 'case-full' })
    site.now += 900_001
    await expect(admits(token, 1)).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe("a contact's own link", () => {
  const form = { address: 'f12-e', content: '门锁坏', contact: '张伟', phone: '138', kind: 'repair' }
  const link = async () => (await site.as('desk', work => makeContactLink(work, 't', '张伟'))).token
  const mine = (token: string) => ask('get', '/mine/:token', { token }) as Promise<OwnMatters>
  const appraise = (token: string, body: object) =>
    ask('post', '/mine/:token/appraisals', { token }, { remark: '', ...body }) as Promise<OwnMatters>

  it('shows his own matters, how far they are and who is on them; not those of a colleague or of the house', async () => {
    const own = await site.open('desk', 'repair', form)
    await site.open('desk', 'repair', { ...form, contact: '李四', phone: '137' })
    await site.open('desk', 'repair', { ...form, address: 'f5-w', contact: '张伟' })
    await site.act('engineer', own.id, 'accept')
    const token = await link()
    expect(await mine(token)).toMatchObject({
      tenant: '示例',
      contact: '张伟',
      matters: [{ number: own.number, about: '门锁坏' }],
    })
    const { matters } = await mine(token)
    expect(matters).toMatchObject([{ state: { zh: '已接单' }, hands: 'engineer', mayAppraise: false, endedAt: null }])
    // Nothing of it opens a case of the desk's own: neither its form nor its history goes out.
    expect(JSON.stringify(matters)).not.toContain('138')
  })

  it('asks once how he found what is done; what he did not like is told to those who can put it right', async () => {
    const { id } = await site.open('desk', 'repair', form)
    const token = await link()
    await expect(appraise(token, { matter: id, satisfied: true })).rejects.toMatchObject({ code: 'already-done' })
    await site.act('engineer', id, 'finish', { result: '换锁' })
    const { matters } = await appraise(token, { matter: id, satisfied: false, remark: '还是锁不上' })
    expect(matters).toMatchObject([{ appraised: 'unsatisfied', mayAppraise: false }])
    await expect(appraise(token, { matter: id, satisfied: true })).rejects.toMatchObject({ code: 'already-done' })
    const told = await site.db.selectFrom('notice').selectAll().where('kind', '=', 'appraised').execute()
    expect(told.map(n => [n.record, JSON.parse(n.roles_json)])).toEqual([[id, ['supervisor', 'manager']]])
    const other = await site.open('desk', 'repair', { ...form, contact: '李四', phone: '137' })
    await expect(appraise(token, { matter: other.id, satisfied: true })).rejects.toMatchObject({ code: 'unknown-case' })
  })

  it('R32: his appraisal is a return visit: paid where he is satisfied, to be paid by somebody where he is not, one of each matter', async () => {
    const visits = async () =>
      (await site.db.selectFrom('case_file').selectAll().where('procedure', '=', 'return-visit').orderBy('id').execute()).map(
        v => ({
          state: v.state,
          facts: JSON.parse(v.facts_json),
        }),
      )
    const [glad, sorry] = [await site.open('desk', 'repair', form), await site.open('desk', 'repair', { ...form, content: '灯' })]
    const token = await link()
    for (const { id } of [glad, sorry]) await site.act('engineer', id, 'finish', { result: '好了' })
    await appraise(token, { matter: glad.id, satisfied: true })
    await appraise(token, { matter: sorry.id, satisfied: false, remark: '还是不亮' })
    expect(await visits()).toMatchObject([
      { state: 'satisfied', facts: { satisfied: { way: 'link', by: 'customer' } } },
      { state: 'due', facts: {} },
    ])
  })

  it('is made for a contact of the tenant, kept by its hash alone, and a new one ends the old', async () => {
    await expect(site.as('desk', work => makeContactLink(work, 't', '无此人'))).rejects.toMatchObject({ field: 'contact' })
    const [old, fresh] = [await link(), await link()]
    await expect(mine(old)).rejects.toMatchObject({ code: 'unknown-link' })
    expect((await mine(fresh)).matters).toEqual([])
    const rows = await site.db.selectFrom('customer_link').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(fresh)
    expect(rows.map(r => r.token_hash)).toContain(hashOfToken(fresh))
    // Who is no contact any more has no link either.
    await site.books.books.write(tx => tx.deleteFrom('tenant_contact').where('tenant_id', '=', 't').execute())
    await expect(mine(fresh)).rejects.toMatchObject({ code: 'unknown-link' })
  })
})
