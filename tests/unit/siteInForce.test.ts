import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Site } from '#contract/site'
import { readEnvironment } from '#program/environment'
import { takeSite, watchSite } from '#program/siteInForce'
import { siteChange } from '../../edge-agent/control/siteWatch.ts'
import { until } from '../harness/wait.ts'

const demo = readEnvironment({})
let folder: string
let where: { ZHIBAN_SITE: string; ZHIBAN_PROFILES: string }
let kept: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zhiban-site-'))
  where = { ZHIBAN_SITE: join(folder, 'site.yaml'), ZHIBAN_PROFILES: join(folder, 'profiles') }
  kept = join(folder, 'data', 'site-in-force.json')
  cpSync(demo.ZHIBAN_SITE, where.ZHIBAN_SITE)
  cpSync(demo.ZHIBAN_PROFILES, where.ZHIBAN_PROFILES, { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const edit = (change: (text: string) => string, file = where.ZHIBAN_SITE) =>
  writeFileSync(file, change(readFileSync(file, 'utf8')))
const spoil = () => edit(text => text.replace('timeZone: Asia/Shanghai', 'timeZone: Asia/Nowhere'))
const mend = () => edit(text => text.replace('Asia/Nowhere', 'Asia/Shanghai'))

it('a faulty file stops a first start, and no later one: the site of the last time stays in force, and it is said why', () => {
  spoil()
  expect(() => takeSite(where, kept)).toThrow('Asia/Nowhere')
  mend()
  const first = takeSite(where, kept)
  expect(first).toMatchObject({ refused: undefined, before: undefined })
  spoil()
  const later = takeSite(where, kept)
  expect(later.site).toEqual(first.site)
  expect(later.refused).toContain('Asia/Nowhere')
  rmSync(where.ZHIBAN_SITE)
  expect(takeSite(where, kept).refused).toContain('site.yaml')
})

it('what was kept is read whole or not at all', () => {
  takeSite(where, kept)
  writeFileSync(kept, readFileSync(kept, 'utf8').slice(0, 1000))
  expect(takeSite(where, kept)).toMatchObject({ refused: undefined, before: undefined })
  spoil()
  expect(takeSite(where, kept).refused).toContain('Asia/Nowhere')
})

it('the journal is told once which devices are new, gone or different; of a profile too', () => {
  takeSite(where, kept)
  expect(siteChange(takeSite(where, kept), 1)).toBeUndefined()
  const ahu = join(where.ZHIBAN_PROFILES, 'ahu.yaml')
  edit(text => text.replace(/^version: \d+/m, 'version: 77'), ahu)
  const taken = takeSite(where, kept)
  expect(taken.refused).toBeUndefined()
  const change = siteChange(taken, 1)
  expect(change?.changed).toContain('ahu-1')
  expect(change?.changed).not.toContain('zc-12e')
  expect(siteChange(takeSite(where, kept), 1)).toBeUndefined()
})

it('while it runs, a faulty change is said and taken back, a good one is handed over once', async () => {
  const inForce = takeSite(where, kept)
  const said: (string | undefined)[] = []
  const good: Site[] = []
  const stop = watchSite(where, inForce, { good: next => void good.push(next.site), refused: why => void said.push(why) })
  spoil()
  await until('the fault to be said', () => said.length === 1)
  expect(said[0]).toContain('Asia/Nowhere')
  mend()
  await until('it to be taken back', () => said.length === 2)
  expect(said[1]).toBeUndefined()
  edit(text => text.replace(/^name: .*$/m, 'name: { zh: 另一座, en: Another }'))
  await until('the new site', () => good.length === 1)
  expect(good[0]?.name.en).toBe('Another')
  // Whoever cannot take it over says so, and it counts as refused.
  stop()
  const other = watchSite(where, inForce, {
    good() {
      throw new Error('set ZHIBAN_NEW_PASSWORD')
    },
    refused: why => void said.push(why),
  })
  edit(text => `${text}# touched\n`)
  await until('the refusal', () => said.length === 3)
  expect(said[2]).toContain('ZHIBAN_NEW_PASSWORD')
  other()
})
