import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { type Migration, sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore, type Store } from '#store/openStore'

type Tables = { note: { id: number; text: string | null; size: number | null } }
const first: Record<string, Migration> = {
  '0001-note': {
    async up(db) {
      await sql`create table note (id integer primary key, text text, size real)`.execute(db)
    },
  },
}
const step = (text: string): Migration => ({
  async up(db) {
    await sql.raw(text).execute(db)
  },
})
let folder: string
let store: Store<Tables>
const open = (migrations = first) => openStore<Tables>({ file: join(folder, 'store.db'), synchronous: 'FULL', migrations })
const all = () => store.read.selectFrom('note').selectAll().orderBy('id').execute()
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zhiban-store-'))
  store = await open()
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('a store', () => {
  it('gives back every text and number as it was written, quotes, question marks, NUL and 300 kB among them', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom("'", "''; drop table note; --", '?', '\0', '值班 ?', 'x'.repeat(300_000)),
    )
    const size = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.maxSafeInteger())
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ text, size }), { minLength: 1, maxLength: 5 }), async rows => {
        const numbered = rows.map((r, id) => ({ id, ...r }))
        await store.write(async tx => {
          await tx.deleteFrom('note').execute()
          for (const row of numbered) await tx.insertInto('note').values(row).execute()
        })
        // -0 and 0 are one number to the database.
        expect(await all()).toEqual(numbered.map(r => ({ ...r, size: r.size + 0 })))
      }),
      { numRuns: 60 },
    )
  })
  it('answers more kinds of reads at once than it keeps prepared, and a wrong one by its own error', async () => {
    await store.write(tx =>
      tx
        .insertInto('note')
        .values([1, 2, 3].map(id => ({ id, text: 'a', size: id })))
        .execute(),
    )
    const read = (n: number) => sql<{ n: number }>`select count(*) + ${sql.lit(n)} as n from note`.execute(store.read)
    const wrong = () => expect(sql`select absent from note`.execute(store.read)).rejects.toThrow('no such column: absent')
    const found = await Promise.all([...Array(500).keys()].map(n => read(n % 300)))
    await Promise.all([wrong(), wrong()])
    await wrong()
    expect(found.map(f => f.rows[0]?.n)).toEqual([...Array(500).keys()].map(n => 3 + (n % 300)))
  })
  it('a transaction reads what it has written itself', async () => {
    const seen = await store.write(async tx => {
      await tx.insertInto('note').values({ id: 1, text: 'a', size: null }).execute()
      await tx.updateTable('note').set({ text: 'b' }).where('id', '=', 1).execute()
      return tx.selectFrom('note').select('text').where('id', '=', 1).executeTakeFirst()
    })
    expect(seen?.text).toBe('b')
  })
  it('a write that fails takes its whole transaction along, and the next one is not disturbed', async () => {
    const broken = store.write(async tx => {
      await tx.insertInto('note').values({ id: 1, text: 'a', size: null }).execute()
      await tx.insertInto('note').values({ id: 1, text: 'again', size: null }).execute()
      await tx.insertInto('note').values({ id: 2, text: 'c', size: null }).execute()
    })
    await expect(broken).rejects.toThrow(/UNIQUE/)
    const thrown = store.write(async tx => {
      await tx.insertInto('note').values({ id: 3, text: 'd', size: null }).execute()
      throw new Error('no')
    })
    await expect(thrown).rejects.toThrow('no')
    await store.write(tx => tx.insertInto('note').values({ id: 4, text: 'e', size: null }).execute())
    expect((await all()).map(r => r.id)).toEqual([4])
  })
  it('what cannot be stored is an error that names the parameter', async () => {
    const values = { id: 1, text: undefined as unknown as string, size: Number.NaN }
    await expect(store.write(tx => tx.insertInto('note').values(values).execute())).rejects.toThrow(/parameter 2.*NaN/)
    expect(await all()).toEqual([])
  })
  it('of another version is refused in one sentence that says what to do, and stays as it was', async () => {
    await store.write(tx => tx.insertInto('note').values({ id: 1, text: 'kept', size: null }).execute())
    await store.close()
    const ours = { '0001-books': first['0001-note'] as Migration }
    await expect(open(ours)).rejects.toThrow(
      /store\.db was written by another version.*start that version again, or move the file/,
    )
    store = await open()
    expect((await all()).map(r => r.text)).toEqual(['kept'])
  })
  it('takes a change from beside its owner, and none from another version, which does not bring it up to date either', async () => {
    const beside = (migrations: Record<string, Migration>) =>
      openStore<Tables>({ file: join(folder, 'store.db'), synchronous: 'FULL', migrations, beside: true })
    const other = await beside(first)
    await other.write(tx => tx.insertInto('note').values({ id: 1, text: 'from beside', size: null }).execute())
    await other.close()
    await store.write(tx => tx.insertInto('note').values({ id: 2, text: 'ours', size: null }).execute())
    expect((await all()).map(r => r.text)).toEqual(['from beside', 'ours'])
    const later = { ...first, '0002-later': step('drop table note') }
    await expect(beside(later)).rejects.toThrow(/in use by another version/)
    await expect(beside({ '0001-other': first['0001-note'] as Migration })).rejects.toThrow(/in use by another version/)
    // An older tool beside a newer console.
    await store.close()
    store = await open({ ...first, '0002-more': step('create table more (id integer)') })
    await expect(beside(first)).rejects.toThrow(/in use by another version/)
    expect(await all()).toHaveLength(2)
  })
  it('a migration that fails halfway has not happened', async () => {
    await store.close()
    const halfway: Migration = {
      async up(db) {
        await sql`create table other (id integer)`.execute(db)
        await sql`insert into note (id, text) values (9, 'half')`.execute(db)
        await sql`this is not SQL`.execute(db)
      },
    }
    await expect(open({ ...first, '0002-halfway': halfway })).rejects.toThrow(/cannot be migrated/)
    store = await open()
    expect(await all()).toEqual([])
    const { rows } = await sql<{ name: string }>`select name from sqlite_master where name = 'other'`.execute(store.read)
    expect(rows).toEqual([])
  })
})

it('what it keeps is for the user who runs it alone, also where it was not', async () => {
  await store.write(tx => tx.insertInto('note').values({ id: 1, text: 'a', size: null }).execute())
  const modes = () => readdirSync(folder).map(name => statSync(join(folder, name)).mode & 0o777)
  expect(readdirSync(folder)).toContain('store.db-wal')
  expect(new Set(modes())).toEqual(new Set([0o600]))
  await store.close()
  chmodSync(join(folder, 'store.db'), 0o644)
  store = await open()
  await store.write(tx => tx.insertInto('note').values({ id: 2, text: 'a', size: null }).execute())
  expect(new Set(modes())).toEqual(new Set([0o600]))
})
