import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '#store/openStore'
import { takeSole } from '#store/soleOwner'
import { backupsIn, makeBackup, rotate } from '../../console/server/backup/makeBackup.ts'
import { openNightly } from '../../console/server/backup/nightly.ts'
import { restoreBackup, restoringIn } from '../../console/server/backup/restoreBackup.ts'
import { system } from '../../console/server/books/audit.ts'
import { type BooksStore, openBooks } from '../../console/server/books/books.ts'
import { proveBooks } from '../../console/server/books/chain/proveBooks.ts'
import { headOf } from '../../console/server/books/chain/sealing.ts'
import { writeHistory } from '../../console/server/books/history.ts'
import { migrations } from '../../console/server/books/migrations.ts'
import type { Books } from '../../console/server/books/schema.ts'
import { nothingTouched } from '../../console/server/books/unitOfWork.ts'

const now = Date.parse('2026-11-29T03:00:00Z')
let folder: string
let home: string
let into: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zhiban-backup-'))
  home = join(folder, 'console')
  into = join(folder, 'backups')
  mkdirSync(join(home, 'files'), { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const note = (books: BooksStore, record: string, at: number) =>
  books.write(tx => writeHistory({ tx, at, actor: system, touched: nothingTouched() }, { record, verb: 'note' }))
const attach = async (books: BooksStore, text: string) => {
  const sha256 = createHash('sha256').update(text).digest('hex')
  writeFileSync(join(home, 'files', sha256), text)
  const row = { id: sha256.slice(0, 8), case_id: 'c', name: 'a.png', type: 'image/png', bytes: text.length, sha256, at: now }
  await books.write(async tx => {
    await tx
      .insertInto('case_file')
      .values(aCase)
      .onConflict(c => c.doNothing())
      .execute()
    await tx
      .insertInto('attachment')
      .values({ ...row, by_user: '李娜', by_id: 'u' })
      .execute()
  })
  return sha256
}
/** An entry as it was until 0004: with the hash of a chain of its own. */
const noteAsThen = (books: BooksStore) =>
  books.write(async tx => {
    const hash = createHash('sha256')
      .update(JSON.stringify(['a', 1, 1, 'system', null, 'console', 'note', null, null, '', '{}', '']))
      .digest('hex')
    await sql`insert into history values ('a', 1, 1, 'system', null, 'console', 'note', null, null, '', '{}', ${hash})`.execute(
      tx,
    )
    await sql`insert into history_head values ('a', 1, ${hash})`.execute(tx)
  })
/** What a case must have, by the table itself. */
const aCase = {
  ...{ id: 'c', procedure: 'repair', version: 1, number: 'WX-1', state: 'done', owner: '李娜', urgent: 0 },
  ...{ opened_at: 1, changed_at: 1, form_json: '{}', facts_json: '{}', revision: 1 },
}
const open = () => openBooks(join(home, 'books.db'))
const entries = async () => {
  const books = await open()
  const rows = await books.read.selectFrom('history').select('record').orderBy('record').execute()
  await books.close()
  return rows.map(r => r.record)
}
const make = (at = now) => makeBackup({ console: home, into, site: 'tower', now: at })
const restore = (backup: string, replace = false) => restoreBackup({ backup, console: home, replace, now })

describe('a backup', () => {
  it('is made while the books are written, holds one moment of them with their attachments, and is restored elsewhere', async () => {
    const books = await open()
    await note(books, 'a', 1)
    const photo = await attach(books, 'a photo')
    const writing = (async () => {
      for (let i = 0; i < 50; i++) await note(books, `later/${String(i).padStart(2, '0')}`, 10 + i)
    })()
    const { folder: made, manifest } = await make()
    await writing
    await books.close()
    expect(manifest).toMatchObject({ site: 'tower', files: 1, missing: [] })
    expect(backupsIn(into)).toHaveLength(1)
    rmSync(home, { recursive: true })
    const restored = await restore(made)
    expect(restored).toMatchObject({ entries: manifest.entries, lost: null, kept: null })
    expect((await entries()).length).toBeGreaterThan(0)
    expect(readFileSync(join(home, 'files', photo), 'utf8')).toBe('a photo')
  })

  it('says what of the attachments is not there, and is none where the chain is broken', async () => {
    const books = await open()
    const photo = await attach(books, 'a photo')
    await note(books, 'a', 1)
    await note(books, 'a', 2)
    rmSync(join(home, 'files', photo))
    expect((await make()).manifest).toMatchObject({ files: 0, missing: [photo] })
    await books.close()
    const raw = await openStore<Books>({ file: join(home, 'books.db'), synchronous: 'FULL', migrations })
    await raw.write(tx => tx.updateTable('attachment').set({ name: 'b.png' }).execute())
    await raw.close()
    await expect(make(now + 1000)).rejects.toThrow(/do not prove themselves/)
    expect(readdirSync(into)).toHaveLength(1)
  })

  it('rotates: the oldest go, and what was cut off', async () => {
    await (await open()).close()
    for (let i = 0; i < 4; i++) await make(now + i * 1000)
    mkdirSync(join(into, '2026-11-29T09-00-00.part'))
    writeFileSync(join(into, 'not ours'), '')
    expect(rotate(into, 2)).toEqual(['2026-11-29T03-00-00', '2026-11-29T03-00-01'])
    expect(readdirSync(into).sort()).toEqual(['2026-11-29T03-00-02', '2026-11-29T03-00-03', 'not ours'])
  })
})

describe('a restore', () => {
  it('puts nothing in the place of books unless it is told to; then they are kept, and it is said what they had beyond it', async () => {
    const books = await open()
    await note(books, 'a', 1)
    const { folder: made } = await make()
    await note(books, 'b', 5)
    await note(books, 'b', 9)
    const kept = await headOf(books.read)
    await books.close()
    await expect(restore(made)).rejects.toThrow(/--replace/)
    expect(await entries()).toEqual(['a', 'b', 'b'])
    const restored = await restore(made, true)
    expect(restored.lost).toEqual({ entries: 2, records: 1, from: 5, to: 9 })
    expect(await entries()).toEqual(['a'])
    expect(existsSync(join(restored.kept ?? '', 'books.db'))).toBe(true)
    // What an agent has kept of the stretch that is lost is no fault of the books, and is said.
    const again = await open()
    for (const record of ['c', 'd', 'e']) await note(again, record, 20)
    const proof = await proveBooks(again.read, kept ? [{ ...kept, by: 'tower.db' }] : [])
    expect(proof).toMatchObject({ seals: 0, setBack: [{ seals: 1 }], faults: [] })
    await again.close()
  })

  it('leaves a running console alone, and refuses what is no backup or not what was backed up', async () => {
    await (await open()).close()
    const { folder: made } = await make()
    const running = await takeSole(join(home, 'owner'))
    await expect(restore(made, true)).rejects.toThrow(/at work/)
    await running?.release()
    await expect(restore(into, true)).rejects.toThrow(/no backup/)
    writeFileSync(join(made, 'books.db'), 'something else')
    await expect(restore(made, true)).rejects.toThrow(/not what was backed up/)
    expect(await entries()).toEqual([])
  })

  it('that was cut off is known, and run again', async () => {
    const books = await open()
    await note(books, 'a', 1)
    const { folder: made } = await make()
    await books.close()
    writeFileSync(restoringIn(home), made, { flush: true })
    rmSync(join(home, 'books.db'))
    expect(await restore(made)).toMatchObject({ lost: null })
    expect(await entries()).toEqual(['a'])
    expect(existsSync(restoringIn(home))).toBe(false)
  })

  it('of any older version of the books goes on as the version of today', async () => {
    const steps = Object.entries(migrations)
    for (let n = 1; n < steps.length; n++) {
      rmSync(home, { recursive: true, force: true })
      mkdirSync(join(home, 'files'), { recursive: true })
      const older = await openStore<Books>({
        ...{ file: join(home, 'books.db'), synchronous: 'FULL' },
        migrations: Object.fromEntries(steps.slice(0, n)),
      })
      await (n < 4 ? noteAsThen(older) : note(older, 'a', 1))
      await older.close()
      const { folder: made } = await make(now + n * 1000)
      rmSync(home, { recursive: true })
      expect(await restore(made)).toMatchObject({ lost: null })
      expect(await entries()).toEqual(['a'])
      const books = await open()
      const said = await books.read.selectFrom('audit').select('detail_json').where('what', '=', 'chain-begun').execute()
      expect(said).toEqual(n < 4 ? [{ detail_json: '{"entries":1,"fault":null}' }] : [])
      await books.close()
    }
  })
})

describe('the nightly backup', () => {
  const day = 86_400_000
  const three = { minute: 180, keep: 3 }
  /** Its days and minutes are those of UTC. */
  const partsOf = (at: number) => ({
    date: new Date(at).toISOString().slice(0, 10),
    minuteOfDay: Math.floor((at % day) / 60_000),
  })
  const nightlyOf = (run: (into: string, keep: number) => Promise<void>) =>
    openNightly({ into, partsOf, plan: () => three, log: pino({ level: 'silent' }) }, run)

  it('is made once a night, the first as soon as its time has come, and again after a failure, of which people are told', async () => {
    await (await open()).close()
    let at = Date.parse('2026-11-29T02:00:00Z')
    let works = true
    const made: string[] = []
    const nightly = nightlyOf(async () => {
      made.push(new Date(at).toISOString().slice(8, 16))
      if (!works) throw new Error('no room')
      await make(at)
    })
    const pass = async (minutes: number) => {
      at += minutes * 60_000
      const { late } = nightly.look(at)
      await nightly.settled()
      return late
    }
    expect(await pass(30)).toBe(false)
    expect(made).toEqual([])
    for (let i = 0; i < 100; i++) await pass(20)
    expect(made).toEqual(['29T03:10', '30T03:10'])
    works = false
    while (partsOf(at).date === '2026-11-30') await pass(20)
    for (let i = 0; i < 12; i++) await pass(20)
    expect(made.slice(2)).toEqual(['01T03:10', '01T03:50'])
    expect(await pass(2)).toBe(true)
    works = true
    await pass(40)
    expect(made.at(-1)).toBe('01T04:52')
    expect(await pass(2)).toBe(false)
  })
})
