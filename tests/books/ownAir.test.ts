import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OwnAir, OwnQuote } from '#api/models/ownAir'
import { textIn } from '#api/words/text'
import { realPace } from '#contract/pace'
import { realWallClock } from '#program/wallClock'
import { noteRun } from '../../console/server/agents/journal/runBook.ts'
import { system } from '../../console/server/books/audit.ts'
import type { Desk } from '../../console/server/desk/desk.ts'
import { saveTenants } from '../../console/server/master/tenantFiles.ts'
import { openWallWatch } from '../../console/server/mirror/wallWatch.ts'
import { overtimeCharges } from '../../console/subjects/overtime/chargeLines.ts'
import { finishOvertime } from '../../console/subjects/overtime/endings.ts'
import { ownAirRoutes } from '../../console/subjects/overtime/ownRoutes.ts'
import { makeContactLink, withdraw } from '../../console/subjects/selfService/links.ts'
import { type ConsoleBooks, exampleTenant, hearAgents, leaseZone, openConsoleBooks } from '../harness/consoleBooks.ts'
import { smallPng } from '../harness/samples.ts'

/** Overtime air by a contact's own link (R41): he sees what is so, books, makes it longer, ends it; his tenant's alone. */
const [mine, theirs] = ['f12-e', 'f12-w']
const begin = Date.parse('2026-11-24T19:00:00+08:00')
const min = 60_000
let now = 0
let books: ConsoleBooks
let desk: Desk
let token = ''
let other = ''
let link = ''

beforeEach(async () => {
  now = begin - 120 * min
  books = await openConsoleBooks(() => now)
  desk = { ...books, wall: () => now } as unknown as Desk
  await leaseZone(books, mine)
  await books.unit(system, async work => {
    const may = [{ name: '张伟', phone: '138', may: ['order' as const] }]
    const his = {
      ...exampleTenant(books.directory.unitOfPlace(mine) ?? ''),
      contacts: [...may, { name: '李静', phone: '139', may: [] }],
    }
    const beside = {
      ...exampleTenant(books.directory.unitOfPlace(theirs) ?? ''),
      ...{ id: 'u', name: '第二公司', short: '第二', contacts: may },
    }
    await saveTenants(work, books.directory, [his, beside], new Map([['t', exampleTenant('')]]))
    await work.tx.insertInto('tariff_zone').values({ zone: theirs, tariff_id: 'p' }).execute()
    const made = await makeContactLink(work, 't', '张伟')
    ;[token, link] = [made.token, made.id]
    other = (await makeContactLink(work, 'u', '张伟')).token
  })
  hearAgents(books, now)
})
afterEach(() => books.close())

const routes = () => ownAirRoutes(desk)
let outside: ReturnType<typeof routes> | undefined
const ask = <T = OwnAir>(key: string, params: object, more: { body?: unknown; query?: object } = {}): Promise<T> => {
  outside ??= routes()
  const [method, path] = key.split(' ')
  const route = outside.find(r => r.method === method && r.path === path)
  return Promise.resolve(route?.handle({ params, query: {}, request: { ip: '10.0.0.1' }, ...more } as never)) as Promise<T>
}
afterEach(() => {
  outside = undefined
})
const ulidOf = (n: number) => `01M8QQNTA55MTV9NSSACQK1${String(n).padStart(3, '0')}`
const order = (n: number, over: object = {}) => ({
  ...{ zones: [mine], from: begin, to: begin + 60 * min, quotedFen: 12_000, drawn: smallPng, sentAs: ulidOf(n) },
  ...over,
})
const book = (n: number, over: object = {}, by = token) => ask('post /mine/:token/air', { token: by }, { body: order(n, over) })
const bookings = () =>
  books.books.read.selectFrom('case_file').selectAll().where('procedure', '=', 'overtime').orderBy('id').execute()
const set = async (key: string, value: boolean) => {
  await books.unit(system, work => books.rules.set(work, key, value, '-'))
  await books.rules.reload(books.books.read)
}
const ran = (to: number) =>
  books.unit(system, work => {
    const run = {
      type: 'run' as const,
      at: to,
      id: ulidOf(900),
      zone: mine,
      from: begin,
      to,
      lastedMs: to - begin,
      why: 'stopped' as const,
    }
    return noteRun(work, books.site.agents[0]?.id ?? '', { ...run, evidence: [] }, books.reactions)
  })

describe('what a contact sees', () => {
  it('is of his tenant alone, and says what is not known as not known', async () => {
    await book(1, { zones: [theirs] }, other)
    expect(await ask('get /mine/:token/air', { token })).toMatchObject({
      ...{ tenant: '示例', contact: '张伟', mayNot: null, evenings: [], past: [] },
      zones: [{ id: mine, room: null, set: null }],
    })
    now = begin + 30 * min
    const [evening] = (await ask('get /mine/:token/air', { token: other })).evenings
    // The clock says that it should run; nothing was read back.
    expect(evening).toMatchObject({ phase: 'not-started', why: 'link-lost', confirmedAt: null, now: { minutes: 0, fen: 0 } })
  })

  it('costs, stopped now, what is charged when it is stopped now', async () => {
    await book(1, { to: begin + 180 * min, quotedFen: 36_000 })
    now = begin + 100 * min
    await ran(now)
    const [evening] = (await ask('get /mine/:token/air', { token })).evenings
    expect(evening?.now).toEqual({ minutes: 100, fen: 18_000 })
    const [id] = (await bookings()).map(b => b.id)
    const after = await ask('post /mine/:token/air/:id/:act', { token, id, act: 'stop' })
    expect(after.evenings).toEqual([])
    now += min
    const wallWatch = openWallWatch(
      () => now,
      () => now,
      () => realPace,
    )
    await finishOvertime({ ...books, clock: realWallClock, wallWatch }, now)
    expect((await overtimeCharges(books.books.read, '2026-11')).map(c => c.fen)).toEqual([18_000])
    expect((await ask('get /mine/:token/air', { token })).past).toMatchObject([{ fen: 18_000, from: begin }])
  })
})

describe('what a contact orders', () => {
  it('is offered, accepted at the price that he was told, signed by his hand and ordered, once however often it is sent', async () => {
    expect(
      await ask<OwnQuote>('get /mine/:token/air/quote', { token }, { query: { zones: mine, from: begin, to: begin + 60 * min } }),
    ).toMatchObject({ fen: 12_000, moreFen: 12_000 })
    await expect(book(1, { quotedFen: 1 })).rejects.toMatchObject({ code: 'price-changed' })
    expect(await bookings()).toEqual([])
    const shown = await book(1)
    expect(shown.evenings).toMatchObject([{ phase: 'booked', from: begin, fen: 12_000, may: ['extend', 'withdraw'] }])
    await book(1)
    const [booked, ...more] = await bookings()
    expect(more).toEqual([])
    expect(booked).toMatchObject({ state: 'signed', tenant: 't', owner: 'customer', owner_id: null })
    expect(JSON.parse(booked?.facts_json ?? '{}').sign).toMatchObject({
      signature: '张伟',
      drawn: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    const orders = await books.books.read.selectFrom('case_file').select('number').where('procedure', '=', 'repair').execute()
    expect(orders.length).toBe(1)
    const told = await books.books.read.selectFrom('notice').selectAll().where('kind', '=', 'by-link').execute()
    expect(told.map(n => [JSON.parse(n.roles_json), textIn('zh', JSON.parse(n.text_json)).includes('客户自助申请')])).toEqual([
      [['front-desk', 'operator'], true],
    ])
    await expect(book(1, { to: begin + 120 * min, quotedFen: 24_000 })).rejects.toMatchObject({ code: 'sent-otherwise' })
  })

  it('is made longer at the price of what is added, and withdrawn before it begins', async () => {
    await book(1)
    const [id = ''] = (await bookings()).map(b => b.id)
    const to = begin + 120 * min
    const quoted = await ask<OwnQuote>('get /mine/:token/air/quote', { token }, { query: { of: id, from: begin, to } })
    expect(quoted).toMatchObject({ fen: 24_000, moreFen: 12_000 })
    const hours = { evening: null, to, quotedFen: quoted.fen, drawn: smallPng }
    await expect(ask('post /mine/:token/air/:id/hours', { token: other, id }, { body: hours })).rejects.toMatchObject({
      code: 'unknown-case',
    })
    const shown = await ask('post /mine/:token/air/:id/hours', { token, id }, { body: hours })
    expect(shown.evenings).toMatchObject([{ to, fen: 24_000 }])
    for (const [by, act] of [
      [other, 'withdraw'],
      [other, 'stop'],
    ])
      await expect(ask('post /mine/:token/air/:id/:act', { token: by, id, act })).rejects.toMatchObject({ code: 'unknown-case' })
    await expect(ask('post /mine/:token/air/:id/:act', { token, id, act: 'stop' })).rejects.toMatchObject({ code: 'not-begun' })
    await ask('post /mine/:token/air/:id/:act', { token, id, act: 'withdraw' })
    expect((await bookings()).map(b => b.state)).toEqual(['cancelled'])
  })

  it('is refused in zones of others, by whom his tenant has not named, where the site does not want it, and by a link that is no more', async () => {
    await expect(book(1, { zones: [theirs] })).rejects.toMatchObject({ code: 'unknown-zone' })
    await expect(book(2, { zones: [mine, theirs], quotedFen: 24_000 })).rejects.toMatchObject({ code: 'in-the-way' })
    await expect(
      ask('get /mine/:token/air/quote', { token }, { query: { zones: theirs, from: begin, to: begin + 60 * min } }),
    ).rejects.toMatchObject({ code: 'unknown-zone' })
    const unnamed = (await books.unit(system, work => makeContactLink(work, 't', '李静'))).token
    expect((await ask('get /mine/:token/air', { token: unnamed })).mayNot).toBe('not-named')
    await expect(book(3, {}, unnamed)).rejects.toMatchObject({ code: 'not-your-role' })
    await set('overtime-by-link', false)
    expect((await ask('get /mine/:token/air', { token })).mayNot).toBe('not-here')
    await expect(book(4)).rejects.toMatchObject({ code: 'not-your-role' })
    await set('overtime-by-link', true)
    await books.unit(system, work => withdraw(work, link))
    await expect(book(5)).rejects.toMatchObject({ code: 'unknown-link' })
    expect(await bookings()).toEqual([])
  })

  it('is not asked for without end', async () => {
    for (let n = 1; n <= 20; n++) await book(n, { quotedFen: 1 }).catch(() => {})
    await expect(book(21)).rejects.toMatchObject({ code: 'too-many-reports' })
  })
})
