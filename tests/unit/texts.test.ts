import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { inAll, isText, say, text, textIn, together, worded } from '#api/words/text'
import { zh } from '#api/words/zh'
import { words } from '#contract/names'
import { openApi, type Route } from '#program/httpApi'

/** Every place of the dictionary that has gaps. */
const sentencesOf = (of: object, path = ''): string[] =>
  Object.entries(of).flatMap(([key, value]) => {
    const here = path === '' ? key : `${path}.${key}`
    return typeof value === 'function' ? [here] : typeof value === 'object' ? sentencesOf(value, here) : []
  })
const door = { zh: '门', en: 'Door' }

describe('a text', () => {
  it('is said in the language of its reader, with what stands in its gaps', () => {
    const said = say.devices.pointOf(door, say.devices.unnamed)
    expect(textIn('zh', said)).toBe('门 某测点')
    expect(textIn('en', said)).toBe('Door: a point')
    expect(inAll(said)).toEqual({ zh: '门 某测点', en: 'Door: a point' })
  })
  it('keeps numbers as numbers, and what a person wrote as he wrote it', () => {
    expect(textIn('en', say.desk.journalGap('tower', 3))).toContain('3')
    expect(textIn('en', together('EM-1', ' ', worded('三楼漏水')))).toBe('EM-1 三楼漏水')
  })
  it('survives its column, and a dictionary that has forgotten it', () => {
    const kept = JSON.parse(JSON.stringify(together(say.cases.urgent, ' ', door)))
    expect(text.parse(kept)).toEqual(kept)
    expect(textIn('zh', kept)).toBe('急 门')
    expect(textIn('zh', { say: 'desk.never.was', with: [1] })).toBe('desk.never.was')
    expect(textIn('zh', { say: 'constructor.name' })).toBe('constructor.name')
    for (const path of sentencesOf(zh)) expect(typeof textIn('zh', { say: path })).toBe('string')
  })
  it('of a language that is not there is in Chinese, its labels in English where there is no better', () => {
    expect(textIn('xx', say.cases.urgent)).toBe('急')
    expect(textIn('xx', door)).toBe('Door')
    expect(textIn('xx', { ...door, xx: 'Porte' })).toBe('Porte')
  })
})

describe('a text from outside', () => {
  const deep = (n: number): unknown => {
    let made: unknown = 'x'
    for (let i = 0; i < n; i++) made = { together: [made] }
    return made
  }
  it('is taken where it is one of ours', () => {
    for (const one of [
      'a',
      door,
      { ...door, fr: 'Porte' },
      say.cases.urgent,
      say.devices.pointOf(door, 'x'),
      together(1, ' ', door),
    ])
      expect(isText(JSON.parse(JSON.stringify(one)), 100), JSON.stringify(one)).toBe(true)
  })
  it('is refused where it is none, too long, too deep or too wide', () => {
    const wide = { together: Array.from({ length: 21 }, () => 'x') }
    for (const one of [
      null,
      7,
      {},
      { zh: 'a' },
      { say: 1 },
      { say: 'x', with: 'y' },
      'x'.repeat(101),
      deep(50_000),
      wide,
      '',
      { together: [] },
      { zh: ' ', en: 'a' },
      { ...door, note: 'x' },
    ])
      expect(isText(one, 100)).toBe(false)
  })
})

it('words of a file may be in further languages, by their codes alone', () => {
  expect(words.safeParse({ ...door, fr: 'Porte' }).success).toBe(true)
  expect(words.safeParse({ ...door, french: 'Porte' }).error?.issues[0]).toMatchObject({
    code: 'unrecognized_keys',
    keys: ['french'],
  })
})

it('the document of the API has a place for all that it refers to', () => {
  const answering = {
    method: 'get',
    path: '/x',
    summary: 'x',
    answer: z.object({ text }),
    handle: () => ({ text: 'x' }),
  } as const
  const document = openApi('x', '1', '', [answering as unknown as Route<never>])
  const refs = [...JSON.stringify(document).matchAll(/"#\/([^"]+)"/g)].map(m => m[1]?.split('/') ?? [])
  expect(refs.length).toBeGreaterThan(0)
  for (const ref of refs) expect(document).toHaveProperty(ref)
})
