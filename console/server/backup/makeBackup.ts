import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { copyFile, link, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import type { Seal } from '#store/keptSeals'
import { hasTable, openReader } from '#store/openStore'
import { openConnection } from '#store/sqlite'
import { proveOlderHistory } from '../books/chain/olderHistory.ts'
import { faultText, proveBooks } from '../books/chain/proveBooks.ts'
import type { Books } from '../books/schema.ts'
import { booksIn, filesIn, type Manifest, manifestIn, readManifest, sha256Of, stampOf } from './manifest.ts'

/** On the disk before anything else speaks of it. */
const settle = async (path: string) => {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Attachments never change and are named by their content: on one disk a second name is as good as a copy, and takes no room. */
const putBeside = async (from: string, to: string) => {
  try {
    await link(from, to)
  } catch {
    await copyFile(from, to)
    await settle(to)
  }
}

const isBackup = (name: string) => /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d$/.test(name)

/** The backups of a folder, oldest first; what was cut off is none. */
export const backupsIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter(isBackup)
        .filter(name => existsSync(manifestIn(join(folder, name))))
        .sort()
    : []

/** What a backup says of itself; undefined where somebody has spoilt it: then it is none. */
export const manifestOf = (folder: string, name: string): Manifest | undefined => {
  try {
    return readManifest(join(folder, name))
  } catch {
    return undefined
  }
}

/** The last one that is whole; null without any. */
export const lastBackup = (folder: string): { name: string; madeAt: number } | null => {
  for (const name of backupsIn(folder).toReversed()) {
    const manifest = manifestOf(folder, name)
    if (manifest) return { name, madeAt: manifest.madeAt }
  }
  return null
}

/**
 * Copies the books of a console that may be running, as they are at one moment, with every attachment that they name, and proves
 * the copy. `console`: the folder of its books; `into`: where backups stand. Returns the backup's folder. Throws, and leaves nothing
 * that could be taken for a backup, where it cannot.
 */
export const makeBackup = async (o: {
  console: string
  into: string
  site: string
  now: number
}): Promise<{ folder: string; manifest: Manifest }> => {
  const folder = join(o.into, stampOf(o.now))
  const part = `${folder}.part`
  if (existsSync(folder)) throw new Error(`${folder} is there already`)
  rmSync(part, { recursive: true, force: true })
  mkdirSync(filesIn(part), { recursive: true, mode: 0o700 })
  try {
    const connection = await openConnection(booksIn(o.console), true)
    try {
      await connection.exec('pragma busy_timeout = 5000')
      await connection.run('vacuum into ?', [booksIn(part)])
    } finally {
      await connection.close()
    }
    await settle(booksIn(part))
    const { read, close } = await openReader<Books>(booksIn(part))
    const missing: string[] = []
    let files = 0
    let proof: Proved
    try {
      for (const sha256 of await filesNamed(read)) {
        const from = join(filesIn(o.console), sha256)
        if (!existsSync(from)) missing.push(sha256)
        else {
          await putBeside(from, join(filesIn(part), sha256))
          files++
        }
      }
      proof = await prove(read)
    } finally {
      await close()
    }
    const { entries, rows: records, head, fault } = proof
    if (fault) throw new Error(`the books do not prove themselves: ${fault}; npm run verify says all of it`)
    const said: Manifest = {
      site: o.site,
      madeAt: o.now,
      sha256: await sha256Of(booksIn(part)),
      entries,
      records,
      ...(head ? { seal: head } : {}),
      files,
      missing,
    }
    const file = await open(manifestIn(part), 'w', 0o600)
    await file.writeFile(`${JSON.stringify(said, null, 2)}\n`)
    await file.sync()
    await file.close()
    renameSync(part, folder)
    await settle(o.into)
    return { folder, manifest: said }
  } catch (error) {
    rmSync(part, { recursive: true, force: true })
    throw error
  }
}

type Proved = { entries: number; rows: number; head: Seal | null; fault: string | null }

/** The files that the books name; those of an older console have no specimen seals. */
const filesNamed = async (read: Kysely<Books>): Promise<string[]> => {
  const attached = read.selectFrom('attachment').select('sha256')
  const rows = await ((await hasTable(read, 'specimen_seal'))
    ? attached.union(read.selectFrom('specimen_seal').select('sha256'))
    : attached.distinct()
  ).execute()
  return rows.map(r => r.sha256)
}

/** Books that no console of today has opened yet prove themselves as they did then. */
const prove = async (read: Kysely<Books>): Promise<Proved> => {
  if (!(await hasTable(read, 'chain')))
    return { ...(await proveOlderHistory(read as unknown as Kysely<unknown>)), rows: 0, head: null }
  const { entries, rows: held, head, faults } = await proveBooks(read)
  const [fault] = faults
  return { entries, rows: held, head, fault: fault ? faultText(fault) : null }
}

/** Takes away the oldest until no more than so many are left, and what was cut off. */
export const rotate = (folder: string, keep: number): string[] => {
  for (const name of readdirSync(folder).filter(n => n.endsWith('.part') && isBackup(n.slice(0, -'.part'.length))))
    rmSync(join(folder, name), { recursive: true, force: true })
  const gone = backupsIn(folder).slice(0, -keep)
  for (const name of gone) rmSync(join(folder, name), { recursive: true, force: true })
  return gone
}
