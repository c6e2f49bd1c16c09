import { X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { get as getSecurely } from 'node:https'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { readCertificate } from '#program/certificate'
import { type Environment, packageRoot } from '#program/environment'
import { FileProblems, readCatalogue, readSite } from '#program/siteFiles'
import { booksIn } from './backup/manifest.ts'

/** What is looked at, what is so, and, where it is wrong, what to do. */
type Finding = { what: string; ok: boolean; said: string }
type Check = { what: string; look(): Promise<string> | string }

/** Thrown by a check: what is wrong, and what to do. */
class Wrong extends Error {}

const oldestNode = [20, 19] as const

const checkNode = (version: string): string => {
  const [major = 0, minor = 0] = version.replace('v', '').split('.').map(Number)
  if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]))
    throw new Wrong(`this is Node ${version}: install Node ${oldestNode.join('.')} or newer`)
  return version
}

/** Its prebuilt binary may want a newer C library than there is; it is only seen when it is loaded and used. */
const checkSqlite = async (): Promise<string> => {
  try {
    const { openConnection } = await import('#store/sqlite')
    const connection = await openConnection(':memory:')
    const [row] = await connection.all('select sqlite_version() as version', [])
    await connection.close()
    return `sqlite3 loads (SQLite ${row?.['version']})`
  } catch (error) {
    throw new Wrong(
      `sqlite3 does not load (${(error as Error).message.split('\n')[0]}): build it here with npm rebuild sqlite3 --build-from-source, which needs python3, make and g++`,
    )
  }
}

const checkBuilt = (): string => {
  const built = ['console/server/main.js', 'edge-agent/main.js', 'broker/main.js', 'web/index.html']
  const missing = built.filter(f => !existsSync(join(packageRoot, 'dist', f)))
  if (missing.length === built.length) return 'not yet; npm start builds them, services want npm run build'
  if (missing.length > 0) throw new Wrong(`not whole: dist/${missing[0]} is missing; npm run build`)
  return 'built'
}

const checkSiteFile = (env: Environment): string => {
  try {
    const site = readSite(env.ZHIBAN_SITE, readCatalogue(env.ZHIBAN_PROFILES))
    return `${env.ZHIBAN_SITE}: ${site.site}, ${site.devices.length} devices${site.demo ? ', a demo' : ''}`
  } catch (error) {
    const lines = error instanceof FileProblems ? error.problems.length : 1
    throw new Wrong(
      `${lines} problems, the first: ${(error as Error).message.split('\n')[0]}; npm run check:site -- ${env.ZHIBAN_SITE} says all`,
    )
  }
}

/** What a site file that cannot be read is, is told elsewhere. */
const isDemo = (env: Environment): boolean => {
  try {
    return readSite(env.ZHIBAN_SITE, readCatalogue(env.ZHIBAN_PROFILES)).demo
  } catch {
    return false
  }
}

const checkFolder = async (folder: string): Promise<string> => {
  const file = join(folder, `.doctor-${process.pid}`)
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, '')
    rmSync(file)
  } catch (error) {
    throw new Wrong(`${folder} cannot be written (${(error as NodeJS.ErrnoException).code}): give it to the user who runs Zhiban`)
  }
  const { statfs } = await import('node:fs/promises')
  const { roomOf } = await import('./attachments/diskRoom.ts')
  const { bsize, blocks, bavail } = await statfs(folder)
  const { free, low } = roomOf(bsize * bavail, bsize * blocks)
  const megabytes = `${Math.floor(free / 1024 / 1024)} MB free`
  if (low) throw new Wrong(`${folder}: ${megabytes}: make room, or ZHIBAN_DATA another disk`)
  return `${folder}: ${megabytes}`
}

const isFree = (port: number) =>
  new Promise<boolean>(done => {
    const server = createServer()
    server.once('error', () => done(false))
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)))
  })

/** Whether its certificate is good for this address is the browsers' affair. */
const answersAsConsole = (port: number, secure: boolean): Promise<boolean> =>
  new Promise(done => {
    const asked = (secure ? getSecurely : get)(
      { host: '127.0.0.1', port, path: '/healthz', timeout: 2000, ...(secure ? { rejectUnauthorized: false } : {}) },
      async answer => done((await text(answer)) === 'ok\n'),
    )
    asked.once('timeout', () => asked.destroy())
    asked.once('error', () => done(false))
  })

const soonMs = 14 * 86_400_000
const checkCertificates = (env: Environment): string => {
  const files = [env.webCertificate, env.mqttCertificate].filter(f => f !== undefined)
  if (files.length === 0) return 'none: console and broker speak without TLS'
  const days = files.map(pair => {
    const ends = Date.parse(new X509Certificate(readCertificate(pair).cert).validTo)
    const day = new Date(ends).toISOString().slice(0, 10)
    if (ends < Date.now() + soonMs) throw new Wrong(`${pair.cert} ends on ${day}: renew it`)
    return day
  })
  return `valid until ${days.join(', ')}`
}

/** A running Zhiban holds all of its ports; a stranger may hold some of them. */
const checkPorts = async (env: Environment): Promise<string> => {
  const ports = {
    ZHIBAN_HTTP_PORT: env.ZHIBAN_HTTP_PORT,
    ZHIBAN_MQTT_PORT: env.ZHIBAN_MQTT_PORT,
    ZHIBAN_FIELD_MQTT_PORT: env.ZHIBAN_FIELD_MQTT_PORT,
    ZHIBAN_EDGE_PORT: env.ZHIBAN_EDGE_PORT,
    ZHIBAN_BROKER_PORT: env.ZHIBAN_BROKER_PORT,
    ZHIBAN_FIELD_BROKER_PORT: env.ZHIBAN_FIELD_BROKER_PORT,
  }
  const held: string[] = []
  for (const [name, port] of Object.entries(ports)) if (!(await isFree(port))) held.push(`${name} ${port}`)
  if (held.length === 0) return 'all ports are free'
  if (await answersAsConsole(env.ZHIBAN_HTTP_PORT, env.webCertificate !== undefined))
    return `Zhiban is running at port ${env.ZHIBAN_HTTP_PORT}`
  throw new Wrong(`taken by another program: ${held.join(', ')}; stop it, or set another port`)
}

const checkBooks = async (console: string): Promise<string> => {
  const { restoringIn } = await import('./backup/restoreBackup.ts')
  if (existsSync(restoringIn(console))) throw new Wrong(`${console}: a restore was cut off; npm run restore again`)
  const file = booksIn(console)
  if (!existsSync(file)) return 'no books yet: the first start makes them'
  const { soundnessOf } = await import('./backup/soundness.ts')
  const found = await soundnessOf(file)
  if (found.is === 'newer') throw new Wrong(`${file} was written by a newer Zhiban (${found.by}): use that one`)
  if (found.is === 'damaged') throw new Wrong(`${file} is damaged (${found.why}): npm run restore -- BACKUP --replace`)
  return `${file} is sound${found.is === 'older' ? '; the next start brings it up to date' : ''}`
}

const checkBackups = async (env: Environment): Promise<string> => {
  if (isDemo(env)) return 'a demo makes none by itself'
  const { lastBackup } = await import('./backup/makeBackup.ts')
  const { overdueMs } = await import('./backup/nightly.ts')
  if (!existsSync(booksIn(join(env.ZHIBAN_DATA, 'console')))) return 'nothing to back up yet'
  const last = lastBackup(env.backups)
  if (last === null) throw new Wrong(`${env.backups}: no backup; npm run backup`)
  const age = Date.now() - last.madeAt
  const said = `the last backup, ${last.name}, is ${Math.floor(age / 3_600_000)} hours old`
  if (age > overdueMs) throw new Wrong(`${said}; npm run backup, and see the console's log`)
  return said
}

/** All that can be wrong with an installation before anybody starts it, each by itself. */
export const examine = async (env: Environment, nodeVersion = process.version): Promise<Finding[]> => {
  const console = join(env.ZHIBAN_DATA, 'console')
  const checks: Check[] = [
    { what: 'Node', look: () => checkNode(nodeVersion) },
    { what: 'database', look: checkSqlite },
    { what: 'programs', look: checkBuilt },
    { what: 'site file', look: () => checkSiteFile(env) },
    { what: 'data folder', look: () => checkFolder(env.ZHIBAN_DATA) },
    { what: 'certificates', look: () => checkCertificates(env) },
    { what: 'ports', look: () => checkPorts(env) },
    { what: 'books', look: () => checkBooks(console) },
    { what: 'backups', look: () => checkBackups(env) },
  ]
  const found: Finding[] = []
  for (const { what, look } of checks) {
    try {
      found.push({ what, ok: true, said: await look() })
    } catch (error) {
      found.push({ what, ok: false, said: (error as Error).message })
    }
  }
  return found
}
