import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import readXlsx from 'read-excel-file/node'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CaseHead } from '#api/models/cases'
import type { DutyView, SettingView } from '#api/models/duties'
import type { RegisterView } from '#api/models/registers'
import type { SiteView } from '#api/models/site'
import { openBrowser, openPage, signedIn } from '../harness/browser.ts'
import { OwnHouse } from '../harness/ownHouse.ts'
import { type Person, signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

/**
 * A third language is a dictionary and a line: one that nobody speaks puts each text in ⟦brackets⟧. What stands outside of them on a
 * page or a paper is what somebody typed, or a number; anything else was said by code and not by a dictionary.
 */
const dictionary = `
import type { Dictionary } from './languages.ts'
import { type Messages, zh } from './zh.ts'

const mark = (text: string) => (text === '' ? '' : \`⟦\${text}⟧\`)
const marked = (of: unknown): unknown => {
  if (typeof of === 'string') return mark(of)
  if (typeof of === 'function') return (...gaps: unknown[]) => mark(of(...gaps))
  if (Array.isArray(of)) return of.map(marked)
  return Object.fromEntries(Object.entries(of as object).map(([key, value]) => [key, marked(value)]))
}
const labels = new Proxy<Record<string, string>>({}, { get: (_, text) => (typeof text === 'string' ? mark(text) : undefined) })
export const xx: Dictionary = { name: '⟦xx⟧', messages: { ...(marked(zh) as Messages), locale: 'fr-FR' }, labels }
`
let house: OwnHouse
let stack: Stack
let browser: Browser
let supervisor: Person

beforeAll(async () => {
  house = new OwnHouse()
  writeFileSync(join(house.root, 'console/api/words/xx.ts'), dictionary)
  const list = join(house.root, 'console/api/words/languages.ts')
  const text = readFileSync(list, 'utf8')
  writeFileSync(list, `import { xx } from './xx.ts'\n${text.replace('  zh: source,\n', '  zh: source,\n  xx,\n')}`)
  house.build({ checked: false })
  house.buildPages()
  stack = await startStack({ at: '2026-11-27T19:30:00+08:00', root: house.root })
  browser = await openBrowser()
  supervisor = await signIn(stack.url, 'supervisor')
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await stack?.stop()
  house?.remove()
})

/** What stands outside of all brackets. */
const outside = (text: string): string => {
  let depth = 0
  let left = ''
  for (const c of text) {
    if (c === '⟦') depth++
    else if (c === '⟧') depth--
    else if (depth === 0) left += c
  }
  return left
}
/** Numbers of cases, ids, addresses, units, keys of the keyboard and kinds of files: alike in every language. */
const alike =
  /\b[A-Z]{1,4}-?\d[\w-]*|\b[a-z0-9]+([-_/][\w*]+)+|\b(kW|kWh|Hz|Pa|kPa|Nm|min|ppm|CSV|Excel|Enter|Esc|Alt|Ctrl|Tab|mm|ms|m³|COP)\b|\b\w\b|\d+F\b|℃|°C/g
let typed: string[] = []
const said = (text: string): string => {
  let left = outside(text)
  for (const data of typed) left = left.replaceAll(data, '')
  left = left.replaceAll(alike, '')
  return /\p{L}{2}/u.test(left) || /\p{Script=Han}/u.test(left) ? text.trim() : ''
}

const readPage = async (page: Page): Promise<{ marked: number; strange: string[] }> => {
  const texts = (await page.evaluate(`(() => {
    const found = []
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let n = walk.nextNode(); n; n = walk.nextNode())
      if (!n.parentElement.closest('script, style, [data-typed], .mono, kbd')) found.push(n.textContent)
    for (const e of document.querySelectorAll('[title], [aria-label], [placeholder]'))
      for (const a of ['title', 'aria-label', 'placeholder']) found.push(e.getAttribute(a) ?? '')
    // Where a rule comes from is cited as its paper has it.
    return found.filter(t => !t.startsWith('⟦依据⟧'))
  })()`)) as string[]
  return { marked: texts.filter(t => t.includes('⟦')).length, strange: [...new Set(texts.map(said))].filter(Boolean) }
}

/** What a page says that no dictionary does; so many of its texts at least come from one. */
const strangeOn = async (page: Page, path: string, ready: string, least: number): Promise<string[]> => {
  await openPage(page, path)
  await page.waitForSelector(ready)
  await page.waitForLoadState('networkidle')
  const { marked, strange } = await readPage(page)
  expect(marked, path).toBeGreaterThan(least)
  return strange.map(text => `${path}: ${text}`)
}

it('every page speaks it', async () => {
  const api = await signIn(stack.url, 'admin')
  const people = (await api.get<{ display: string }[]>('/people')).body.map(p => p.display)
  const tenants = (await supervisor.get<{ name: string; short: string; contact: string; phone: string }[]>('/tenants')).body
  const { devices, things } = (await supervisor.get<SiteView>('/site')).body
  // What the site says in its own words.
  const settings = (await supervisor.get<SettingView[]>('/settings')).body.flatMap(x =>
    typeof x.value === 'string' ? [x.value] : [],
  )
  typed = [
    ...people,
    ...settings.filter(x => x.length > 1),
    ...devices.map(d => d.profile),
    ...things.map(t => t.name),
    ...tenants.flatMap(t => [t.name, t.short, t.contact]),
    '三楼漏水',
  ].sort((a, b) => b.length - a.length)
  await stack.sim('POST', '/scenarios/fire-floor-12?followAfterS=0')
  await stack.sim('PUT', '/devices/ahu-5/fault', { kind: 'silent' })
  const desk = await signIn(stack.url, 'frontdesk')
  const form = { address: 'f03-w', content: '三楼漏水', contact: tenants[0]?.contact, phone: '138', kind: 'repair' }
  await desk.post('/cases', { procedure: 'repair', form, sentAs: null, urgent: true, from: null, entry: null })
  await until('the ticket', async () => (await supervisor.get<CaseHead[]>('/cases?procedure=emergency&open=true')).body[0])

  const strange: string[] = []
  const seen = new Set<string>()
  const look = async (page: Page, path: string) => {
    if (seen.has(path)) return
    seen.add(path)
    strange.push(...(await strangeOn(page, path, 'main h1, main .head', 20)))
  }
  for (const user of ['supervisor', 'engineer', 'manager', 'admin']) {
    const page = await signedIn(browser, stack.url, user, { language: 'xx' })
    const paths = (await page.evaluate(
      `[...document.querySelectorAll('nav a[href]')].map(a => a.getAttribute('href'))`,
    )) as string[]
    for (const path of paths) await look(page, path)
    if (user === 'supervisor')
      for (const r of (await supervisor.get<RegisterView[]>('/registers')).body) await look(page, `/registers/${r.id}`)
    if (user === 'engineer') for (const path of ['/devices/ahu-5', '/devices/fire-panel', '/demo/ahu-5']) await look(page, path)
    await page.context().close()
  }
  expect(seen.size).toBeGreaterThan(25)
  expect(strange).toEqual([])
})

it('and so does every paper', async () => {
  const strange: string[] = []
  const look = (paper: string, cells: readonly unknown[]) => {
    const texts = cells.flatMap(c => (typeof c === 'string' ? [c] : []))
    expect(texts.filter(t => t.includes('⟦')).length, paper).toBeGreaterThan(3)
    strange.push(
      ...texts
        .map(said)
        .filter(Boolean)
        .map(text => `${paper}: ${text}`),
    )
  }
  const file = async (path: string) => {
    const answer = await fetch(`${stack.url}/api${path}language=xx`, { headers: { cookie: supervisor.cookie } })
    expect(answer.status, path).toBe(200)
    return Buffer.from(await answer.arrayBuffer())
  }
  const sheet = async (path: string) =>
    look(
      path,
      (await readXlsx(await file(path))).flatMap(s => s.data.flat()),
    )
  const day = '2026-11-27'
  for (const procedure of ['repair', 'emergency', 'overtime'])
    for (const kind of ['xlsx', 'csv']) {
      const path = `/cases.${kind}?procedure=${procedure}&from=${day}&to=${day}&`
      if (kind === 'xlsx') await sheet(path)
      else look(path, (await file(path)).toString('utf8').split(/[\n,"]+/))
    }
  for (const r of (await supervisor.get<RegisterView[]>('/registers')).body)
    await sheet(`/registers/${r.id}/sheet.xlsx?month=2026-11&`)
  await sheet('/months/2026-11/sheet.xlsx?')
  const duties = (await supervisor.get<DutyView[]>('/duties?from=2026-11-25&to=2026-12-05')).body
  const summary = duties.find(d => d.routine.includes('repair'))
  if (!summary) throw new Error('nothing is summed up today')
  await sheet(`/duties/${summary.id}/report.xlsx?`)

  const page = await signedIn(browser, stack.url, 'supervisor', { language: 'xx' })
  const open = async (procedure: string) =>
    (await supervisor.get<CaseHead[]>(`/cases?procedure=${procedure}&open=true`)).body[0]?.id ?? ''
  const papers = [
    `/form/${await open('repair')}`,
    `/form/${await open('emergency')}`,
    `/report/${summary.id}`,
    ...(await supervisor.get<RegisterView[]>('/registers')).body.map(r => `/sheet/${r.id}`),
  ]
  for (const path of papers) strange.push(...(await strangeOn(page, path, '.paper', 5)))
  expect(strange).toEqual([])
})
