import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { CaseFull, CaseHead } from '#api/models/cases'
import type { MyDay } from '#api/models/duties'
import type { Found, RegisterEntry } from '#api/models/registers'
import { closePages, openBrowser, openPage, proves, signedIn } from '../harness/browser.ts'
import { type Person, signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

let stack: Stack
let browser: Browser
let api: Person
let supervisorApi: Person
beforeAll(async () => {
  stack = await startStack({ at: '2026-11-20T08:30:00+08:00' })
  browser = await openBrowser()
  api = await signIn(stack.url, 'manager')
  supervisorApi = await signIn(stack.url, 'supervisor')
  await until('the building to run', async () => (await stack.point('ahu-1', 'fan_fb')) === true, 60_000)
})
afterEach(() => closePages(browser))
afterAll(async () => {
  await browser?.close()
  await stack?.stop()
})

const onePixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)
const click = (page: Page, selector: string) => page.click(selector)
const full = async (id: string) => (await api.get<CaseFull>(`/cases/${id}`)).body

/** A day at the desk, as its people live it; the second time in the other language, of another tenant. */
const days = [
  {
    language: 'zh',
    caller: '2008',
    name: '白榆设计',
    initials: 'bysj',
    tenant: 'baiyu',
    content: '会议室灯不亮',
    pinyin: 'huiyishi',
  },
  {
    language: 'en',
    caller: '2003',
    name: '启衡会计',
    initials: 'qhkj',
    tenant: 'qiheng',
    content: '茶水间漏水',
    pinyin: 'loushui',
  },
] as const

describe.each(days)('a day at the desk ($language)', day => {
  it('from the first call to the duty record', async () => {
    const desk = await signedIn(browser, stack.url, 'frontdesk', { language: day.language })
    // The call: recognised by a piece of the number, one key to the repair, everything known filled in.
    await openPage(desk, '/call')
    await desk.fill('input[name=caller]', day.caller)
    await desk.waitForSelector(`[data-caller="${day.tenant}"]`)
    await desk.keyboard.press('Enter')
    await desk.waitForSelector(`[data-known="${day.tenant}"]`)
    await desk.keyboard.press('r')
    await desk.waitForSelector('textarea[name=content]')
    expect(await desk.inputValue('input[name=contact]')).not.toBe('')
    // The line goes in the middle of it: what was typed cannot be saved, and is still there when the page comes back.
    await desk.context().setOffline(true)
    await desk.fill('textarea[name=content]', day.content)
    const before = (await api.get<CaseHead[]>('/cases?procedure=repair')).body.length
    await desk.evaluate('document.querySelector("form[data-procedure=repair] button[type=submit]").click()')
    await desk.waitForSelector('form .wrong:not(:empty), form button[type=submit]:disabled')
    expect((await api.get<CaseHead[]>('/cases?procedure=repair')).body).toHaveLength(before)
    await desk.context().setOffline(false)
    await desk.reload()
    await desk.fill('input[name=caller]', day.name)
    await desk.waitForSelector(`[data-caller="${day.tenant}"]`)
    await desk.keyboard.press('Enter')
    await click(desk, '[data-what="repair"]')
    await desk.waitForSelector('textarea[name=content]')
    expect(await desk.inputValue('textarea[name=content]')).toBe(day.content)
    await desk.check('input[name=urgent]')
    await click(desk, 'form button[type=submit]')
    await desk.waitForSelector('[data-saved="repair"]')
    const order = (await api.get<CaseHead[]>('/cases?procedure=repair&open=true')).body.find(
      c => c.form['content'] === day.content,
    )
    expect(order).toMatchObject({ tenant: day.tenant, urgent: true, owner: '李娜' })
    const calls = (await api.get<RegisterEntry[]>('/registers/phone-record/entries')).body
    expect(calls.find(c => c.caseId === order?.id)?.form).toMatchObject({ matter: day.content, outcome: order?.number })

    // Sent with its opening; it calls on the engineer's phone until he accepts, arrives, waits for parts, finishes.
    expect(order?.state).toBe('sent')
    const engineer = await signedIn(browser, stack.url, 'engineer', { language: day.language, width: 390, height: 844 })
    await openPage(engineer, `/repair/${order?.id}`)
    await engineer.waitForSelector('[data-urgent-calls] [data-take]')
    await engineer.waitForSelector('[data-case="sent"] [data-verb]')
    expect(await engineer.getAttribute('[data-case] [data-verb] >> nth=0', 'data-verb')).toBe('accept')
    for (const verb of ['accept', 'arrive']) await click(engineer, `[data-verb="${verb}"]`)
    // On a phone one step is in sight, and the others behind it.
    await click(engineer, '[data-more]')
    await click(engineer, '[data-verb="need-parts"]')
    await engineer.fill('[data-act="need-parts"] input[name=reason]', 'T5')
    await click(engineer, '[data-act] button[type=submit]')
    await engineer.waitForSelector('[data-case="waiting-parts"]')
    await engineer.setInputFiles('input[type=file]', { name: '现场.png', mimeType: 'image/png', buffer: onePixel })
    await engineer.waitForSelector('[data-attachment="image/png"] img')
    await click(engineer, '[data-verb="arrive"]')
    await click(engineer, '[data-verb="finish"]')
    await engineer.fill('[data-act="finish"] textarea[name=result]', 'OK')
    await click(engineer, '[data-act] button[type=submit]')
    await until('the order to be done', async () => (await full(order?.id ?? '')).state === 'done')

    // Found again by its words, their pinyin, the initials of the company, the phone and the number.
    const beneath = await desk.evaluate('location.pathname')
    await desk.keyboard.press('Control+k')
    for (const q of [day.content, day.pinyin, day.initials, `138 0000 ${day.caller}`, order?.number ?? '']) {
      await desk.fill('input[name=q]', q)
      await desk.waitForSelector(`[data-found="repair"] >> text=${order?.number}`)
    }
    // The page beneath has stayed where it was.
    expect(await desk.evaluate('location.pathname')).toBe(beneath)
    await desk.keyboard.press('Escape')
    await desk.waitForSelector('[data-search-overlay]', { state: 'detached' })

    // The sample of the week, the visit, the duty with its figures.
    const supervisor = await signedIn(browser, stack.url, 'supervisor', { language: day.language })
    await openPage(supervisor, '/today')
    await click(supervisor, '[data-open-visits]')
    const visit = await until('the visit', async () =>
      (await api.get<CaseHead[]>('/cases?procedure=return-visit&open=true')).body.find(v =>
        JSON.stringify(v.form['subject']).includes(order?.number ?? '-'),
      ),
    )
    await openPage(supervisor, `/return-visit/${visit.id}`)
    await click(supervisor, '[data-verb="satisfied"]')
    await supervisor.selectOption('[data-act] select[name=way]', 'phone')
    await supervisor.fill('[data-act] textarea[name=words]', '好')
    await click(supervisor, '[data-act] button[type=submit]')
    await until('the visit to end', async () => (await full(visit.id)).state === 'satisfied')
    await openPage(supervisor, '/today')
    await click(supervisor, '[data-duty="repair-week"]')
    await supervisor.waitForSelector('[data-duty-panel="repair-week"] [data-figure="done"]')

    // The duty record, read and signed; a correction is an entry of its own.
    await openPage(desk, '/registers/duty-record')
    await click(desk, '[data-create]')
    await desk.fill('[data-register] textarea[name=matter]', `巡查 ${day.language}`)
    await click(desk, '[data-register] button[type=submit]')
    await desk.waitForSelector(`tr[data-entry] >> text=巡查 ${day.language}`)
    await openPage(supervisor, '/registers/duty-record')
    await click(supervisor, 'tr[data-entry]:first-of-type button >> nth=0')
    await until('the entry to be signed', async () =>
      (await api.get<RegisterEntry[]>('/registers/duty-record/entries')).body.some(
        e => e.readBy === '王建国' && e.form['matter'] === `巡查 ${day.language}`,
      ),
    )
  })
})

it("half past five comes: the day's repairs are summed up before it, with their figures", async () => {
  await stack.pass(Date.parse('2026-11-20T17:00:00+08:00'), 3600)
  const supervisor = await signedIn(browser, stack.url, 'supervisor')
  // What somebody starts from: his own day.
  await click(supervisor, '[data-duty="repair-day"]')
  await supervisor.waitForSelector('[data-duty-panel="repair-day"] [data-figure="done"] >> text=2')
  // Each figure leads to its orders.
  await click(supervisor, '[data-figure="done"] button')
  await supervisor.waitForSelector('[data-behind="done"] a[href^="/repair/"]')
  await supervisor.fill('[data-duty-panel] textarea[name=note]', '收 2 完成 2')
  await click(supervisor, '[data-duty-panel] button[type=submit]')
  await until('the duty to be done', async () => {
    const { duties } = (await supervisorApi.get<MyDay>('/my-day')).body
    return duties.find(d => d.routine === 'repair-day')?.doneBy === '王建国'
  })
  await click(supervisor, '[data-report]')
  await supervisor.waitForSelector('[data-report-table="Daily repair record"] >> text=会议室灯不亮')
  await stack.pass(Date.parse('2026-11-20T17:30:00+08:00'))
})

describe.each(days)('the handover of the day ($language)', day => {
  it('is prepared, gone through item by item, and signed by both', async () => {
    const desk = await signedIn(browser, stack.url, 'frontdesk', { language: day.language })
    await openPage(desk, '/handover')
    await click(desk, '[data-create]')
    await desk.selectOption('select[name=shift]', 'day')
    await desk.fill('input[name=incoming]', '何敏')
    await click(desk, 'form button[type=submit]')
    await desk.waitForSelector('[data-handover="preparing"]')
    const handover = await until(
      'the handover',
      async () => (await api.get<CaseHead[]>('/cases?procedure=handover&open=true')).body[0],
    )
    for (const i of (await full(handover.id)).items.filter(x => x.needsRemark && !x.over && x.remark === null)) {
      await desk.fill(`[data-remark="${i.n}"]`, '待跟进')
      await desk.keyboard.press('Enter')
      await until('the remark', async () => (await full(handover.id)).items.find(x => x.n === i.n)?.remark === '待跟进')
    }
    await click(desk, '[data-verb="ready"]')
    await desk.waitForSelector('[data-act="ready"] [data-signs="signature"] >> text=李娜')
    await click(desk, '[data-act] button[type=submit]')
    await proves(desk, 'demo-frontdesk')
    await desk.waitForSelector('[data-handover="ready"]')
    const operator = await signedIn(browser, stack.url, 'operator', { language: day.language })
    await openPage(operator, `/handover/${handover.id}`)
    await operator.waitForSelector('[data-handover="ready"]')
    for (const i of (await full(handover.id)).items.filter(x => !x.over)) {
      await click(operator, `[data-check="${i.n}"]`)
      await operator.waitForSelector(`[data-check="${i.n}"]`, { state: 'detached' })
    }
    await operator.waitForSelector('[data-item][data-checked="false"]', { state: 'detached' })
    await click(desk, '[data-verb="state-fit"]')
    await desk.selectOption('[data-act] select[name=fit]', 'clear')
    await click(desk, '[data-act] button[type=submit]')
    await until('the fitness to be stated', async () => 'state-fit' in (await full(handover.id)).facts)
    await click(operator, '[data-verb="take-over"]')
    await operator.waitForSelector('[data-act] [data-signs="signature"] >> text=何敏')
    await click(operator, '[data-act] button[type=submit]')
    await proves(operator, 'demo-operator')
    await operator.waitForSelector('[data-handover="signed"]')
    expect((await full(handover.id)).state).toBe('signed')
  })
})

it('nobody finds what he may not see', async () => {
  const guard = await signIn(stack.url, 'guard')
  const kinds = new Set((await guard.get<Found[]>('/search?q=138')).body.map(f => f.kind))
  expect(kinds.has('repair')).toBe(false)
  expect(kinds.has('phone-record')).toBe(true)
  expect((await guard.get('/callers?q=138')).status).toBe(403)
  // What looks like a pattern is looked for as it stands.
  expect((await guard.get<Found[]>('/search?q=%25')).body).toEqual([])
})

it('what is attached is checked by its content, kept as it came, and shown to nobody who does not see the case', async () => {
  const desk = await signIn(stack.url, 'frontdesk')
  const form = { address: 'f9-w', content: '附件', contact: '苏晴', phone: '138', kind: 'repair' }
  const order = (await desk.post<CaseFull>('/cases', { procedure: 'repair', form })).body
  const attach = (who: Person, type: string, body: Buffer, name = '照片.png') =>
    fetch(`${stack.url}/api/cases/${order.id}/attachments?name=${encodeURIComponent(name)}`, {
      method: 'POST',
      headers: { cookie: who.cookie, 'content-type': type },
      body: new Uint8Array(body),
    })
  expect((await attach(desk, 'image/png', onePixel)).status).toBe(200)
  const script = Buffer.from('<script>alert(1)</script>')
  expect(await (await attach(desk, 'image/png', script)).json()).toMatchObject({ error: 'not-that-kind' })
  expect((await attach(desk, 'text/html', script)).status).toBe(415)
  expect((await attach(desk, 'image/png', Buffer.alloc(9_500_000))).status).toBe(413)
  const guard = await signIn(stack.url, 'guard')
  expect((await attach(guard, 'image/png', onePixel)).status).toBe(403)
  // Sent again for want of an answer it is the same attachment.
  expect((await attach(desk, 'image/png', onePixel)).status).toBe(200)
  const [kept, ...more] = (await desk.get<{ id: string; bytes: number }[]>(`/cases/${order.id}/attachments`)).body
  expect(more).toEqual([])
  const file = await fetch(`${stack.url}/api/attachments/${kept?.id}`, { headers: { cookie: desk.cookie } })
  expect(Buffer.from(await file.arrayBuffer()).equals(onePixel)).toBe(true)
  expect(file.headers.get('content-security-policy')).toContain('sandbox')
  expect((await fetch(`${stack.url}/api/attachments/${kept?.id}`, { headers: { cookie: guard.cookie } })).status).toBe(403)
  expect((await full(order.id)).events.some(e => e.verb === 'attach')).toBe(true)
})
