import { afterAll, beforeAll, expect, it } from 'vitest'
import { pointName, pointValue } from '#api/pointName'
import { inAll, textIn } from '#api/words/text'
import { openLiveState } from '../../console/server/mirror/liveState.ts'
import { type ConsoleBooks, openConsoleBooks } from '../harness/consoleBooks.ts'

let desk: ConsoleBooks
beforeAll(async () => {
  desk = await openConsoleBooks(() => Date.parse('2026-11-21T19:00:00+08:00'))
})
afterAll(() => desk?.close())

it('every point of the site has a name that people use, in one language each, without its key or its device’s id', () => {
  let points = 0
  for (const d of desk.site.devices)
    for (const [key, point] of desk.profiles.get(d.profile)?.points ?? []) {
      const name = pointName(d.name, point)
      const names = ['zh', 'en'].map(language => textIn(language, name))
      expect(names[1], `${d.id}/${key}`).not.toMatch(/[\u4e00-\u9fff]/)
      for (const text of names) {
        expect(text).not.toContain(`${d.id}/`)
        expect(text.split(/[\s:]+/)).not.toContain(key.includes('_') ? key : `${d.id}/${key}`)
      }
      points++
    }
  expect(points).toBeGreaterThan(2000)
})

it('a value has the words of its profile; what is not known is a dash, an unknown point is its device’s', () => {
  const controller = desk.site.devices.find(d => d.id === 'zc-12w')
  const point = desk.profiles.get('zone-controller')?.points.get('on_cmd')
  if (!controller || !point) throw new Error('no such device')
  expect(inAll(pointName(controller.name, point))).toEqual({
    zh: '12F 西 区控 区域启停命令',
    en: '12F West controller: Zone command',
  })
  expect(inAll(pointName(controller.name, undefined))).toEqual({ zh: '12F 西 区控 某测点', en: '12F West controller: a point' })
  expect([
    textIn('zh', pointValue(true, point)),
    textIn('en', pointValue(0, point)),
    textIn('zh', pointValue(null, point)),
    textIn('en', pointValue(21.5, undefined)),
  ]).toEqual(['启', 'Off', '—', '21.5'])
})

it('what a person holds is handed over by its name and the word of its value', () => {
  const held = {
    point: 'zc-12w/on_cmd',
    array: { holders: [{ level: 8, value: true, until: null, causes: [] }], relinquishDefault: false },
    wantedButHeld: false,
    withheld: null,
  }
  const mirror = { holders: () => [held] } as unknown as ConsoleBooks['mirror']
  const holds = openLiveState(desk.site, desk.profiles, () => mirror).handHolds()
  expect(holds.map(h => [inAll(h.name), inAll(h.value)])).toEqual([
    [
      { zh: '12F 西 区控 区域启停命令', en: '12F West controller: Zone command' },
      { zh: '启', en: 'On' },
    ],
  ])
})
