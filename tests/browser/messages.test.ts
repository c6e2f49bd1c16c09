import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CaseHead } from '#api/models/cases'
import type { DutyView } from '#api/models/duties'
import type { Alarm } from '#api/models/live'
import type { Quote } from '#api/models/money'
import { openBrowser, signedIn } from '../harness/browser.ts'
import { fieldVoice } from '../harness/fieldVoice.ts'
import { signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

/** The most that a page may be told, messages a second: with nothing changing, and with 50 values changing a second. */
const limits = { rest: 2, busy: 5 }
const changesPerSecond = 50
const windowMs = 4000
/** Together; the console allows a session no more than twelve. */
const pagesAtOnce = 10

const start = Date.parse('2026-11-24T15:00:00+08:00')
let stack: Stack
let browser: Browser
let field: Awaited<ReturnType<typeof fieldVoice>>
beforeAll(async () => {
  stack = await startStack({ at: new Date(start).toISOString(), only: ['broker', 'console'] })
  browser = await openBrowser()
  field = await fieldVoice(stack)
})
afterAll(async () => {
  await field?.end()
  await browser?.close()
  await stack?.stop()
})

/** What changes: seen by the overview, some by the page of overtime, one by the device's own. */
const moving: [device: string, key: string][] = [
  ['ahu-3', 'sat'],
  ['zc-12w', 'temp'],
  ['zc-3w', 'temp'],
  ['plant', 'chws'],
]

/** Counts what comes through a page's live connection, and what the page asks of the API, until it is asked. */
const counter = async (context: BrowserContext, page: Page) => {
  const wire = await context.newCDPSession(page)
  await wire.send('Network.enable')
  let messages = 0
  let bytes = 0
  let requests = 0
  wire.on('Network.webSocketFrameReceived', ({ response }) => {
    messages++
    bytes += Buffer.byteLength(response.payloadData)
  })
  wire.on('Network.requestWillBeSent', () => requests++)
  return () => {
    const seen = { messages, bytes, requests }
    messages = bytes = requests = 0
    return seen
  }
}

/** Alarms, a ticket, an order, a booking and a duty, so that every page has something to show. */
const furnish = async () => {
  await field.online()
  for (const [device, key] of moving) await field.values(device, { [key]: 20 })
  await field.raise({ key: 'fire', level: 1, kind: 'fire', place: 'f12-w' }, stack.now())
  await field.raise({ key: 'trip', level: 3, kind: 'equipment', place: 'f3-w' }, stack.now())
  const desk = await signIn(stack.url, 'frontdesk')
  const times = { zone: 'f12-e', from: start + 5 * 3_600_000, to: start + 7 * 3_600_000 }
  const quote = await desk.get<Quote>(`/overtime/quote?zone=${times.zone}&from=${times.from}&to=${times.to}`)
  const form = { ...times, contact: '张伟', phone: '138', quotedFen: quote.body.fen }
  const booking = (await desk.post<CaseHead>('/cases', { procedure: 'overtime', form })).body.id
  const boss = await signIn(stack.url, 'supervisor')
  const ticket = (key: string) =>
    until(`what ${key} has opened`, async () => (await boss.get<Alarm[]>('/alarms')).body.find(a => a.key === key)?.ticket)
  const duty = (await boss.get<DutyView[]>('/duties?from=2026-11-24&to=2026-12-01')).body[0]?.id ?? ''
  return { booking, duty, ticket: await ticket('fire'), order: await ticket('trip') }
}

it('every page is told at most twice a second while nothing changes, and five times with 50 changes a second', async () => {
  const { booking, duty, ticket, order } = await furnish()
  const first = await signedIn(browser, stack.url, 'supervisor')
  const links = await first.locator('nav a').evaluateAll(all => all.map(a => a.getAttribute('href') ?? ''))
  expect(links.length).toBeGreaterThan(14)
  const papers = [`/form/${booking}`, `/report/${ticket}`, '/sheet/visitor']
  const panels = ['/devices/ahu-3', `/emergency/${ticket}`, `/overtime/${booking}`, `/repair/${order}`, `/today/${duty}`]
  const paths = [...links, ...panels, ...papers, '/enquiry', '/corrective']
  const context = first.context()
  await first.close()

  let next = 0
  const change = () => {
    const [device, key] = moving[next++ % moving.length] as [string, string]
    void field.values(device, { [key]: 20 + (next % 97) / 10 })
  }
  const figures: { path: string; rest: number; busy: number; restBytes: number; busyBytes: number; asks: number }[] = []
  const measure = async (open: { path: string; take: Awaited<ReturnType<typeof counter>> }[]) => {
    for (const { take } of open) take()
    const began = performance.now()
    await new Promise(done => setTimeout(done, windowMs))
    const seconds = (performance.now() - began) / 1000
    return open.map(({ path, take }) => {
      const { messages, bytes, requests } = take()
      return { path, messages: messages / seconds, bytes: Math.round(bytes / seconds), requests: requests / seconds }
    })
  }
  while (figures.length < paths.length) {
    const open = await Promise.all(
      paths.slice(figures.length, figures.length + pagesAtOnce).map(async path => {
        const page = await context.newPage()
        const take = await counter(context, page)
        await page.goto(stack.url + path)
        await page.waitForSelector('[data-site-live=true]')
        if (path === '/alarms') await page.keyboard.press('j')
        // A page fetches the others' code once, some seconds after its own: that is no asking again.
        await page.waitForSelector('[data-all-held=true]')
        await page.waitForLoadState('networkidle')
        return { path, page, take }
      }),
    )
    const rest = await measure(open)
    const load = setInterval(change, 1000 / changesPerSecond)
    const busy = await measure(open).finally(() => clearInterval(load))
    for (const [i, r] of rest.entries()) {
      const b = busy[i] as typeof r
      const asks = Math.max(r.requests, b.requests)
      figures.push({ path: r.path, rest: r.messages, busy: b.messages, restBytes: r.bytes, busyBytes: b.bytes, asks })
    }
    await Promise.all(open.map(o => o.page.close()))
  }
  for (const f of figures)
    process.stdout.write(
      `${f.path.replace(/[0-9A-Z]{26}/, 'one').padEnd(18)} at rest ${f.rest.toFixed(1)}/s ${f.restBytes} B/s, with ${changesPerSecond} changes a second ${f.busy.toFixed(1)}/s ${f.busyBytes} B/s, requests ${f.asks.toFixed(2)}/s\n`,
    )
  expect(figures.filter(f => f.rest > limits.rest)).toEqual([])
  expect(figures.filter(f => f.busy > limits.busy)).toEqual([])
  // No answer makes a page ask again.
  expect(figures.filter(f => f.asks > 1)).toEqual([])
  // Only what a page watches is told to it.
  const of = (path: string) => figures.find(f => f.path === path) as (typeof figures)[number]
  expect(of('/overview').busyBytes).toBeGreaterThan(of('/settings').busyBytes * 3)
  expect(of('/settings').busy).toBeLessThanOrEqual(limits.rest)
})
