import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readEnvironment } from '#program/environment'
import { openStore } from '#store/openStore'
import { makeBackup } from '../../console/server/backup/makeBackup.ts'
import { restoringIn } from '../../console/server/backup/restoreBackup.ts'
import { openBooks } from '../../console/server/books/books.ts'
import { migrations } from '../../console/server/books/migrations.ts'
import { examine } from '../../console/server/installation.ts'
import { freePorts } from '../harness/stack.ts'

let folder: string
let settings: Record<string, string>
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zhiban-doctor-'))
  const names = ['HTTP', 'MQTT', 'FIELD_MQTT', 'FIELD_BROKER', 'EDGE', 'BROKER'].map(n => `ZHIBAN_${n}_PORT`)
  const ports = await freePorts(names.length)
  settings = { ZHIBAN_DATA: join(folder, 'data'), ...Object.fromEntries(names.map((n, i) => [n, String(ports[i])])) }
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const home = () => join(folder, 'data', 'console')
const books = () => join(home(), 'books.db')
const site = (text: string) => {
  const file = join(folder, 'site.yaml')
  writeFileSync(file, text)
  settings['ZHIBAN_SITE'] = file
}
/** What is wrong; whether the programs are built is this machine's affair. */
const wrong = async (node?: string) =>
  (await examine(readEnvironment(settings), node)).filter(f => !f.ok && f.what !== 'programs').map(f => `${f.what}: ${f.said}`)

it('a sound installation has nothing wrong, before its first start and after it', async () => {
  expect(await wrong()).toEqual([])
  await (await openBooks(books())).close()
  expect(await wrong()).toEqual([])
})

it('each broken one is told what is wrong and what to do', async () => {
  expect(await wrong('v18.20.4')).toEqual([expect.stringMatching(/^Node: .*install Node 20\.19/)])

  site('site: x')
  expect(await wrong()).toEqual([expect.stringMatching(/^site file: \d+ problems, the first: .*check:site/)])
  delete settings['ZHIBAN_SITE']

  writeFileSync(join(folder, 'a file'), '')
  expect(await examine(readEnvironment({ ...settings, ZHIBAN_DATA: join(folder, 'a file') }))).toContainEqual(
    expect.objectContaining({ what: 'data folder', ok: false, said: expect.stringContaining('cannot be written') }),
  )

  const certificates = join(import.meta.dirname, '../harness/certificates')
  settings['ZHIBAN_TLS_CERT'] = join(certificates, 'first.crt')
  settings['ZHIBAN_TLS_KEY'] = join(certificates, 'renewed.key')
  expect(await wrong()).toEqual([expect.stringMatching(/^certificates: .*first\.crt with .*renewed\.key/)])
  settings['ZHIBAN_TLS_KEY'] = join(certificates, 'first.key')
  expect(await wrong()).toEqual([])
  delete settings['ZHIBAN_TLS_CERT']
  expect(() => readEnvironment(settings)).toThrow('set both ZHIBAN_TLS_CERT and ZHIBAN_TLS_KEY, or neither')
  delete settings['ZHIBAN_TLS_KEY']

  const stranger = createServer().listen(Number(settings['ZHIBAN_MQTT_PORT']), '127.0.0.1')
  await new Promise(done => stranger.once('listening', done))
  expect(await wrong()).toEqual([expect.stringMatching(/^ports: taken by another program: ZHIBAN_MQTT_PORT \d+;/)])
  await new Promise(done => stranger.close(done))

  mkdirSync(home(), { recursive: true })
  writeFileSync(books(), 'these are no books'.repeat(500))
  expect(await wrong()).toEqual([expect.stringMatching(/^books: .*damaged.*npm run restore/)])
  rmSync(books())

  writeFileSync(restoringIn(home()), '')
  expect(await wrong()).toEqual([expect.stringMatching(/^books: .*restore was cut off/)])
  rmSync(restoringIn(home()))

  const newer = await openStore({
    file: books(),
    synchronous: 'FULL',
    migrations: { ...migrations, '9999-later': { up: async () => {} } },
  })
  await newer.close()
  expect(await wrong()).toEqual([expect.stringMatching(/^books: .*newer Zhiban \(9999-later\)/)])
})

it('a building is told when it has no backup, or an old one', async () => {
  site(
    [
      'site: yard',
      'name: { zh: 小院, en: Yard }',
      'timeZone: Asia/Shanghai',
      'centreHours: { from: "08:00", to: "18:00" }',
      'console: { user: console, password: env:A }',
      'agents: [{ id: plant, name: { zh: 机房, en: Plant }, user: agent, password: env:B }]',
      'floors: [{ id: f1, name: { zh: 1F, en: 1F }, order: 1 }]',
      'buses: [{ id: b, name: { zh: 表, en: Meters }, agent: plant, protocol: modbus-tcp, host: 127.0.0.1, port: "502" }]',
      'devices: [{ id: m, name: { zh: 表, en: Meter }, profile: energy-meter, bus: b, unit: 1, place: f1 }]',
      '',
    ].join('\n'),
  )
  await (await openBooks(books())).close()
  expect(await wrong()).toEqual([expect.stringMatching(/^backups: .*no backup; npm run backup/)])
  const into = join(folder, 'data', 'backups')
  mkdirSync(join(home(), 'files'), { recursive: true })
  await makeBackup({ console: home(), into, site: 'yard', now: Date.now() - 30 * 3_600_000 })
  expect(await wrong()).toEqual([expect.stringMatching(/^backups: the last backup, .* is 30 hours old/)])
  await makeBackup({ console: home(), into, site: 'yard', now: Date.now() })
  expect(await wrong()).toEqual([])
})
