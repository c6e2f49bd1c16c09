import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { openReader } from '#store/openStore'
import { takeSole } from '#store/soleOwner'
import { audit, system } from '../books/audit.ts'
import { openBooks } from '../books/books.ts'
import { faultText, proveBooks } from '../books/chain/proveBooks.ts'
import { sealNote } from '../books/chain/sealing.ts'
import type { Books } from '../books/schema.ts'
import { booksIn, filesIn, type Manifest, readManifest, sha256Of, stampOf } from './manifest.ts'

/** While this file is there, the books beside it are not whole: a console does not start on them. */
export const restoringIn = (folder: string) => join(folder, 'restoring')

export type Restored = {
  manifest: Manifest
  entries: number
  /** What the books that were there before had beyond the backup; null where there were none, or none that could be read. */
  lost: { entries: number; records: number; from: number; to: number } | null
  /** Where those books are now; null where there were none. */
  kept: string | null
}

/** The books themselves and what SQLite keeps beside them: none of it may stay beside other books. */
const parts = ['books.db', 'books.db-wal', 'books.db-shm', 'files']

const checkBackup = async (backup: string): Promise<Manifest> => {
  const manifest = readManifest(backup)
  if ((await sha256Of(booksIn(backup))) !== manifest.sha256)
    throw new Error(`${booksIn(backup)} is not what was backed up: use another backup`)
  for (const name of readdirSync(filesIn(backup)))
    if ((await sha256Of(join(filesIn(backup), name))) !== name)
      throw new Error(`${join(filesIn(backup), name)} is not what was backed up: use another backup`)
  return manifest
}

/** What stands in books and is newer than a moment. */
const newerThan = async (file: string, at: number): Promise<Restored['lost']> => {
  const { read, close } = await openReader<Books>(file)
  try {
    const row = await read
      .selectFrom('history')
      .select(e => [
        e.fn.countAll<number>().as('entries'),
        e.fn.count<number>('record').distinct().as('records'),
        e.fn.min<number | null>('at').as('from'),
        e.fn.max<number | null>('at').as('to'),
      ])
      .where('at', '>', at)
      .executeTakeFirst()
    return { entries: Number(row?.entries ?? 0), records: Number(row?.records ?? 0), from: row?.from ?? at, to: row?.to ?? at }
  } catch {
    // Books that cannot be read are why people restore.
    return null
  } finally {
    await close()
  }
}

/**
 * Puts a backup in the place of a console's books. The console must not be running; books that are there are kept beside it, and only
 * moved away where `replace` says so. The restored books are opened, brought up to date and proved. Throws, in a sentence that says
 * what to do, and leaves the books as they were, wherever it has not begun to move them; cut off after that, it is run again.
 */
export const restoreBackup = async (o: { backup: string; console: string; replace: boolean; now: number }): Promise<Restored> => {
  const manifest = await checkBackup(o.backup)
  mkdirSync(o.console, { recursive: true })
  const sole = await takeSole(join(o.console, 'owner'))
  if (!sole) throw new Error(`a console is at work on ${o.console}: stop it first`)
  try {
    const there = parts.some(p => existsSync(join(o.console, p)))
    const again = existsSync(restoringIn(o.console))
    if (there && !o.replace && !again)
      throw new Error(`${o.console} holds books: say --replace to put the backup in their place; they are kept beside it`)
    const lastEntry = await lastEntryOf(booksIn(o.backup))
    const lost = existsSync(booksIn(o.console)) && !again ? await newerThan(booksIn(o.console), lastEntry) : null
    const fresh = join(o.console, 'books.db.restored')
    const freshFiles = join(o.console, 'files.restored')
    rmSync(fresh, { force: true })
    rmSync(freshFiles, { recursive: true, force: true })
    await copyFile(booksIn(o.backup), fresh)
    mkdirSync(freshFiles, { mode: 0o700 })
    for (const name of readdirSync(filesIn(o.backup))) await copyFile(join(filesIn(o.backup), name), join(freshFiles, name))
    const kept = there ? join(o.console, `replaced-${stampOf(o.now)}`) : null
    writeFileSync(restoringIn(o.console), `${o.backup}\n`, { flush: true })
    if (kept) mkdirSync(kept, { recursive: true, mode: 0o700 })
    for (const p of kept ? parts : []) if (existsSync(join(o.console, p))) renameSync(join(o.console, p), join(kept ?? '', p))
    renameSync(freshFiles, filesIn(o.console))
    renameSync(fresh, booksIn(o.console))
    const books = await openBooks(booksIn(o.console))
    try {
      const proof = await proveBooks(books.read)
      const [fault] = proof.faults
      if (fault) throw new Error(`the restored books do not prove themselves: ${faultText(fault)}`)
      await books.write(async tx => {
        await sealNote(tx, 'restored', JSON.stringify([basename(o.backup)]))
        await audit(tx, o.now, system, 'restored', basename(o.backup), { lost })
      })
      rmSync(restoringIn(o.console))
      return { manifest, entries: proof.entries, lost, kept }
    } finally {
      await books.close()
    }
  } finally {
    await sole.release()
  }
}

const lastEntryOf = async (file: string): Promise<number> => {
  const { read, close } = await openReader<Books>(file)
  const row = await read
    .selectFrom('history')
    .select(e => e.fn.max<number | null>('at').as('at'))
    .executeTakeFirst()
  await close()
  return row?.at ?? 0
}
