import { cpSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CaseFull, CaseHead, ProcedureView } from '#api/models/cases'
import type { MyDay, Notice } from '#api/models/duties'
import type { Found } from '#api/models/registers'
import { textIn } from '#api/words/text'
import { packageRoot } from '#program/environment'
import { openBrowser, openPage, signedIn } from '../harness/browser.ts'
import { OwnHouse } from '../harness/ownHouse.ts'
import { type Person, signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

/**
 * A new procedure is one folder and one line: two that nobody here knows are put into a copy of the house, which is built and
 * run. Nothing else of it is touched; the pages are those of this tree.
 */
const added = ['liftBooking', 'keyRegister']
const start = Date.parse('2026-11-24T10:00:00+08:00')
const hour = 3_600_000
let house: OwnHouse
let stack: Stack
let browser: Browser
let desk: Person
let head: Person
let page: Page

beforeAll(async () => {
  house = new OwnHouse()
  const list = join(house.root, 'console/subjects/all.ts')
  for (const name of added) {
    const folder = join(house.root, 'console/subjects', name)
    cpSync(join(packageRoot, 'tests/newProcedures', name), folder, { recursive: true })
    for (const file of ['definition.ts', 'subject.ts']) renameSync(join(folder, `${file}.txt`), join(folder, file))
    const text = readFileSync(list, 'utf8')
    writeFileSync(list, `import { ${name} } from './${name}/subject.ts'\n${text.replace('  calls,\n', `  calls,\n  ${name},\n`)}`)
  }
  house.build({ checked: true })
  stack = await startStack({ at: new Date(start).toISOString(), only: ['broker', 'console'], root: house.root })
  ;[desk, head] = await Promise.all([signIn(stack.url, 'frontdesk'), signIn(stack.url, 'supervisor')])
  browser = await openBrowser()
  page = await signedIn(browser, stack.url, 'frontdesk')
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await stack?.stop()
  house?.remove()
})

const cases = async (procedure: string, who = desk) => (await who.get<CaseHead[]>(`/cases?procedure=${procedure}`)).body
const full = async (id: string) => (await desk.get<CaseFull>(`/cases/${id}`)).body
const sheet = async (kind: string) => {
  const day = '2026-11-24'
  const path = `/api/cases.${kind}?procedure=lift-booking&from=${day}&to=${day}`
  const answer = await fetch(stack.url + path, { headers: { cookie: desk.cookie } })
  return { status: answer.status, text: await answer.text() }
}

describe('a booking of the goods lift', () => {
  let made: CaseHead
  it('comes of a call: its button, and what is known of the caller', async () => {
    await openPage(page, '/call')
    await page.fill('input[name=caller]', '张伟')
    await page.click('[data-caller]')
    await page.click('[data-what="lift-booking"]')
    const form = page.locator('form[data-procedure="lift-booking"]')
    expect(await form.locator('input[name=contact]').inputValue()).toBe('张伟')
    expect(await form.locator('input[name=phone]').inputValue()).toMatch(/^138 /)
    expect(await form.locator('[name=address]').inputValue()).not.toBe('')
    await form.locator('textarea[name=cargo]').fill('会议桌两张')
    const body = {
      address: 'f12-e',
      contact: '张伟',
      phone: '138 0000 2001',
      cargo: '会议桌两张',
      from: start + hour,
      to: start + 2 * hour,
    }
    const answer = await desk.post<CaseFull>('/cases', {
      procedure: 'lift-booking',
      form: body,
      entry: { form: { matter: body.cargo } },
    })
    expect(answer).toMatchObject({ status: 200, body: { state: 'booked', place: 'f12-e' } })
    made = answer.body
    expect(made.number).toMatch(/^HT-20261124-0001$/)
  })
  it('is judged by its own need, with the form as its fields are', async () => {
    const form = {
      address: 'f5-w',
      contact: '陈立',
      phone: '138',
      cargo: '复印机',
      from: start + 1.5 * hour,
      to: start + 3 * hour,
    }
    const clash = { status: 409, body: { error: 'overlaps', field: 'from' } }
    expect(await desk.post('/cases', { procedure: 'lift-booking', form })).toMatchObject(clash)
    expect(await desk.post('/cases', { procedure: 'lift-booking', form: { ...form, from: start + 4 * hour } })).toMatchObject({
      body: { error: 'ends-before-start' },
    })
  })
  it('has its list, its panel and its place in the navigation', async () => {
    await page.click('[data-all-pages]')
    await page.click('#all-pages >> text=观光梯')
    expect(await page.evaluate('location.pathname')).toBe('/lift-booking')
    await page.click(`text=${made.number}`)
    await page.waitForSelector('[data-case="booked"] [data-verb="finish"]')
    expect(await page.textContent('[data-case]')).toContain('会议桌两张')
  })
  it('is found by pinyin', async () => {
    const found = (await desk.get<Found[]>('/search?q=huiyizhuo')).body
    // The call that it came of has the same words.
    expect(found.map(f => f.kind).sort()).toEqual(['lift-booking', 'phone-record'])
    expect(found).toContainEqual(expect.objectContaining({ record: made.id, about: '会议桌两张' }))
    await page.keyboard.press('Control+k')
    await page.fill('[data-search-overlay] input[name=q]', 'hyz')
    await page.waitForSelector('[data-found="lift-booking"]')
    await page.keyboard.press('Escape')
  })
  it('goes out on paper, as Excel and as CSV', async () => {
    await openPage(page, `/form/${made.id}`)
    await page.waitForSelector(`text=${made.number}`)
    expect(await page.textContent('h1')).toBe('观光梯使用申请')
    const csv = await sheet('csv')
    expect(csv.text).toContain(made.number)
    expect(csv.text).toContain('会议桌两张')
    expect(await sheet('xlsx')).toMatchObject({ status: 200 })
  })
  it('stands on the day of whoever may go on with it, and in the handover', async () => {
    const day = (await head.get<MyDay>('/my-day')).body.open.map(c => c.id)
    expect(day).toContain(made.id)
    const shift = { procedure: 'handover', form: { shift: 'day', incoming: '何敏' } }
    const list = (await desk.post<CaseFull>('/cases', shift)).body
    expect(textIn('zh', list.items.find(i => i.ref === made.id)?.text ?? '')).toContain('会议桌两张')
  })
  it('is there only for those whom it names', async () => {
    const guard = await signIn(stack.url, 'guard')
    expect((await guard.get<ProcedureView[]>('/procedures')).body.some(p => p.id === 'lift-booking')).toBe(false)
    expect(await guard.get(`/cases/${made.id}`)).toMatchObject({ status: 403 })
    expect(await guard.post(`/cases/${made.id}/acts/finish`, {})).toMatchObject({ status: 403 })
    const manager = await signIn(stack.url, 'manager')
    expect(await manager.get(`/cases/${made.id}`)).toMatchObject({ status: 200 })
    expect(await manager.post(`/cases/${made.id}/acts/finish`, {})).toMatchObject({ status: 403 })
  })
  it('is corrected, ended, and tells its history', async () => {
    const correction = { form: { cargo: '会议桌三张' }, reason: '多一张', revision: 0 }
    expect(await head.post(`/cases/${made.id}/corrections`, correction)).toMatchObject({ status: 200 })
    expect(await desk.post(`/cases/${made.id}/acts/finish`, {})).toMatchObject({ body: { state: 'done' } })
    expect((await full(made.id)).events.map(e => e.verb)).toEqual(['finish', 'correct', 'open'])
    expect((await cases('lift-booking')).filter(c => c.endedAt === null)).toEqual([])
  })
})

describe('a key', () => {
  const form = { key: '样板间', contact: '陈立', phone: '138', due: start + hour }
  it('goes out once, is due, is chased when it is not back, and comes back signed', async () => {
    const out = (await desk.post<CaseFull>('/cases', { procedure: 'key-loan', form })).body
    expect(out).toMatchObject({ state: 'out', dueAt: form.due })
    expect(await head.post('/cases', { procedure: 'key-loan', form })).toMatchObject({ status: 409, body: { field: 'key' } })
    await stack.pass(form.due + 60_000, 1200)
    await until('the desk to be told that the key is not back', async () =>
      (await desk.get<Notice[]>('/notices')).body.some(n => n.record === out.id && n.kind === 'missed'),
    )
    const back = await desk.post<CaseFull>(`/cases/${out.id}/acts/return`, {})
    expect(back).toMatchObject({ status: 200, body: { state: 'returned', facts: { return: { signature: '李娜' } } } })
    expect(await head.post('/cases', { procedure: 'key-loan', form: { ...form, due: start + 9 * hour } })).toMatchObject({
      status: 200,
    })
  })
  it('has its list in its group', async () => {
    await openPage(page, '/key-loan')
    expect(await page.textContent('h1')).toBe('钥匙借用登记')
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(0)
  })
})
