import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { departments } from '#api/departments'
import { shifts } from '#api/shifts'
import { en } from '#api/words/en'
import { inAll } from '#api/words/text'
import { zh } from '#api/words/zh'
import { packageRoot } from '#program/environment'
import { overtime } from '../../console/subjects/overtime/definition.ts'
import { procedures, registers, routines, settings } from '../harness/manual.ts'

/** What is said when every argument of a sentence is a number. */
const anything = new Proxy((() => '7') as unknown as Record<string, unknown>, {
  get: (_, key) => (key === Symbol.toPrimitive || key === 'toString' ? () => '7' : key === 'length' ? 1 : anything),
})
/** Every text below: where it stands, and what it says. */
const textsOf = (value: unknown, path = ''): [string, string][] => {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value === 'function') return textsOf(value(...Array.from({ length: value.length }, () => anything)), path)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([k, v]) => textsOf(v, `${path}.${k}`))
}
type Pair = { zh: string; en: string }
const isPair = (v: object): v is Pair => 'zh' in v && 'en' in v && typeof v.zh === 'string'
/** Every text in two languages below; `source` says where a rule comes from and is no text of a screen. */
const pairsOf = (value: unknown, path = ''): [string, Pair][] => {
  if (typeof value !== 'object' || value === null) return []
  if (isPair(value)) return [[path, value]]
  return Object.entries(value).flatMap(([k, v]) => (k === 'source' || k === 'schema' ? [] : pairsOf(v, `${path}.${k}`)))
}
const yamlBelow = (folder: string) =>
  readdirSync(join(packageRoot, folder))
    .filter(f => f.endsWith('.yaml'))
    .map(f => [f, parse(readFileSync(join(packageRoot, folder, f), 'utf8'))] as const)

const paragraph = /(^|[^A-Za-z0-9-])[RTC]\d{1,2}(?![A-Za-z0-9])/
const chinese = /[\u4e00-\u9fff]/
const pairs = pairsOf({
  procedures,
  registers,
  routines,
  settings,
  departments,
  shifts,
  ...Object.fromEntries([...yamlBelow('edge-agent/profiles'), ...yamlBelow('simulators/sites')]),
})
const texts = {
  zh: [...textsOf(zh, 'zh'), ...pairs.map(([path, w]): [string, string] => [path, w.zh])],
  en: [...textsOf(en, 'en'), ...pairs.map(([path, w]): [string, string] => [path, w.en])],
}

it('no text that people read carries the number of a rule', () => {
  expect(texts.zh.length).toBeGreaterThan(1500)
  expect([...texts.zh, ...texts.en].filter(([, text]) => paragraph.test(text))).toEqual([])
})

it('every text is in one language', () => {
  expect(texts.en.filter(([, text]) => chinese.test(text))).toEqual([])
  expect(texts.zh.filter(([, text]) => /[\u4e00-\u9fff][^\n]* \/ [A-Za-z]{3}/.test(text))).toEqual([])
})

it('what the console writes into a form of another is in both languages, and taken by it', () => {
  const sign = overtime.transitions.find(t => t.verb === 'sign')
  const causes = sign && 'causes' in sign ? sign.causes : []
  const opens = causes.find(c => typeof c === 'object' && 'asksFor' in c)
  if (typeof opens !== 'object' || !('asksFor' in opens)) throw new Error('no order')
  const form = { contact: '张伟', phone: '138', from: 1, also: undefined, until: undefined }
  const placeOf = () => ({ zh: '12F 西', en: '12F west' })
  const words = { place: { zh: '12F 东', en: '12F east' }, tenant: '启衡', times: '19:00 – 21:00', placeOf }
  const made = opens.form({ number: 'OT-1', place: 'f12-e', tenant: null, form, facts: {}, words })
  expect(inAll(made.content)).toEqual({
    zh: 'OT-1 超时空调 12F 东 19:00 – 21:00 启衡',
    en: 'OT-1 overtime air 12F east 19:00 – 21:00 启衡',
  })
  const content = procedures.find(p => p.id === 'repair')?.fields.find(f => f.key === 'content')
  expect(content?.schema.safeParse(made.content).success).toBe(true)
})

it('where a rule comes from is told by a tooltip alone', () => {
  const web = join(packageRoot, 'console/web/src')
  const pages = readdirSync(web, { recursive: true, encoding: 'utf8' }).filter(f => f.endsWith('.svelte'))
  for (const page of pages) {
    const shown =
      readFileSync(join(web, page), 'utf8').match(
        /\{[^{}]*\b(?:plan|register|procedure|duty|step|s|d|r)\??\.source\b[^{}]*\}/g,
      ) ?? []
    for (const use of shown) expect(use, page).toMatch(/sourceText\(/)
  }
})
