import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openMoment } from '#store/openStore'
import { openConnection } from '#store/sqlite'
import { audit } from '../../console/server/books/audit.ts'
import { type BooksStore, openBooks } from '../../console/server/books/books.ts'
import { keyIn } from '../../console/server/books/chain/capture.ts'
import { faultText, type KeptSeal, proveBooks } from '../../console/server/books/chain/proveBooks.ts'
import { sealedTables } from '../../console/server/books/chain/sealedTables.ts'
import { digestOf, hashOf, headOf } from '../../console/server/books/chain/sealing.ts'
import { writeHistory } from '../../console/server/books/history.ts'
import type { Books } from '../../console/server/books/schema.ts'
import { unitOfWork } from '../../console/server/books/unitOfWork.ts'

let folder: string
let file: string
let books: BooksStore
let clock = 1_800_000_000_000
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zhiban-verify-'))
  file = join(folder, 'books.db')
  books = await openBooks(file)
})
afterEach(async () => {
  await books.close()
  rmSync(folder, { recursive: true, force: true })
})

const unit = <R>(act: Parameters<ReturnType<typeof unitOfWork>>[1]) =>
  unitOfWork(
    books,
    () => clock++,
    () => {},
  )({ id: 'u', display: '李娜', station: '10.0.0.7' }, act) as Promise<R>

/** One act after another: a case with two steps, its charge, a line of a register, an alarm that is acknowledged. */
const work = async () => {
  for (const id of ['a', 'b', 'c'])
    await unit(async w => {
      const times = { opened_at: w.at, changed_at: w.at }
      const what = { procedure: 'repair', version: 1, state: 'sent', owner: '李娜', urgent: 0, revision: 0 }
      await w.tx
        .insertInto('case_file')
        .values({ ...what, ...times, id, number: `WX-${id}`, form_json: '{"fen":1}', facts_json: '{}' })
        .execute()
      await writeHistory(w, { record: id, verb: 'open', note: `'${id}' 原因` }, true)
      await audit(w.tx, w.at, w.actor, 'case-opened', id)
    })
  for (const id of ['a', 'b', 'c'])
    await unit(async w => {
      await w.tx.updateTable('case_file').set({ state: 'done', revision: 1 }).where('id', '=', id).execute()
      await writeHistory(w, { record: id, verb: 'finish', from: 'sent', to: 'done' })
    })
  await unit(async w => {
    const span = { from_at: 0, to_at: 3_600_000, confirmed_minutes: 60, billable_minutes: 60 }
    const money = { fen_per_hour: 12_000, fen: 12_000, month: '2026-11', missed_json: '[]', counted_json: '[]' }
    const of = { id: 'charge', case_id: 'a', booking: 'a', tenant: 't', zone: 'z', made_at: w.at }
    await w.tx
      .insertInto('charge_line')
      .values({ ...of, ...span, ...money })
      .execute()
    const entry = { id: 'line', register: 'goods-out', number: 'FX-1', at: w.at, by_user: '李娜', form_json: '{}' }
    await w.tx.insertInto('register_entry').values(entry).execute()
    const alarm = { id: 'alarm', source: 'tower', key: 'k', level: 1, kind: 'fire', name_json: '{}', raised_at: w.at }
    await w.tx
      .insertInto('alarm')
      .values({
        ...alarm,
        value_json: '1',
        limit_json: '1',
        notes_json: '[]',
        ...{ times: 1, rings: 1, latched: 0, chatters: 0 },
        acked_at: w.at,
        acked_by: '李娜',
        acked_by_id: 'u',
      })
      .execute()
  })
}

const prove = async (kept: KeptSeal[] = []) => {
  const { read, close } = await openMoment<Books>(file)
  return proveBooks(read, kept).finally(close)
}
/** The head as an agent keeps it. */
const seal = async (): Promise<KeptSeal> => {
  const head = await headOf(books.read)
  if (!head) throw new Error('nothing is sealed')
  return { ...head, by: 'tower.db' }
}

/** What somebody with the file in his hands could do: the guards of the database are his to drop. */
const tamper = async (...statements: string[]) => {
  const raw = await openConnection(file)
  const free = ['drop trigger if exists history_update', 'drop trigger if exists history_delete']
  await raw.exec(['pragma foreign_keys = off', ...free, ...statements].join(';'))
  await raw.close()
}
/** The same, by somebody who knows the chain: he gives every entry of one row the digest that it should have, and hashes on to the end. */
const rehash = async (table: string, key: string) => {
  const raw = await openConnection(file)
  const sealed = sealedTables.find(t => t.name === table)
  if (!sealed) throw new Error(table)
  const body = `json_array(${sealed.columns.join(',')})`
  const [row] = await raw.all(`select ${body} as body from ${table} t where ${keyIn('sqlite', sealed, 't')} = ?`, [key])
  const links = (await raw.all('select * from chain order by n', [])) as Parameters<typeof hashOf>[0][] & Record<string, string>[]
  let hash = ''
  for (const link of links) {
    const { salt = '', kind } = link
    if (kind === table && link['key'] === key) link.digest = digestOf(salt, { kind, key, body: String(row?.['body']) })
    hash = hashOf(link, hash)
    await raw.run('update chain set digest = ?, hash = ? where n = ?', [link.digest, hash, link.n])
  }
  await raw.close()
}

it('books that nobody else has written to prove themselves, and each row stands under its seal', async () => {
  await work()
  const proof = await prove([await seal()])
  expect(proof).toMatchObject({ seals: 1, setBack: [], faults: [] })
  expect(proof.rows).toBe(3 + 6 + 3 + 3)
  expect(proof.head?.n).toBe(proof.entries)
})

it('the database itself refuses to change or delete an entry', async () => {
  await work()
  await expect(books.write(tx => tx.updateTable('history').set({ note: 'x' }).returning('n').execute())).rejects.toThrow(
    /append-only/,
  )
  await expect(books.write(tx => tx.deleteFrom('history').returning('n').execute())).rejects.toThrow(/append-only/)
})

it('what a transaction that failed had written is not sealed, and what is written once more counts once', async () => {
  await work()
  const before = await seal()
  await unit(async w => {
    await audit(w.tx, w.at, w.actor, 'print', 'never')
    throw new Error('no')
  }).catch(() => {})
  expect(await seal()).toEqual(before)
  await unit(async w => {
    for (let i = 0; i < 5; i++) await w.tx.updateTable('case_file').set({ revision: i }).where('id', '=', 'a').execute()
    await w.tx.deleteFrom('register_entry').where('id', '=', 'line').execute()
    await w.tx.updateTable('alarm').set({ id: 'other name' }).execute()
  })
  expect((await seal()).n).toBe(before.n + 4)
  expect((await prove()).faults).toEqual([])
})

describe('npm run verify finds', () => {
  const lastOf = (rows: string) => `delete from chain where n > (select max(n) from chain) - ${rows}`
  const crimes: [string, string[], string[]][] = [
    ['an entry of a history changed', ["update history set note = 'x' where record = 'b' and n = 2"], ['row-changed']],
    [
      'an entry of the chain changed',
      ['update chain set at = at - 1 where n = (select max(n) from chain) - 5'],
      ['entry-changed'],
    ],
    ['an entry of the chain taken out', ['delete from chain where n = (select max(n) from chain) - 5'], ['entry-missing']],
    ["a case's history removed", ["delete from history where record = 'b'"], ['row-missing', 'row-missing']],
    ['the audit deleted', ['delete from audit'], ['row-missing', 'row-missing', 'row-missing']],
    ['a line of the audit put in', ["insert into audit values ('x', 1, 'u', 's', 'w', 's', '{}')"], ['row-unsealed']],
    ['the row of a case edited', ["update case_file set form_json = '{}' where id = 'c'"], ['row-changed']],
    ['a charge edited', ['update charge_line set fen = fen - 1'], ['row-changed']],
    ['a line of a register edited', ["update register_entry set by_user = '王强'"], ['row-changed']],
    ['an acknowledgement edited', ["update alarm set acked_by_id = 'somebody else'"], ['row-changed']],
    [
      'a case taken away, with all that belongs to it',
      ["delete from history where record = 'b'", "delete from case_file where id = 'b'"],
      ['row-missing', 'row-missing', 'row-missing'],
    ],
    [
      'a seal made unreadable under a row that is there',
      ["update chain set salt = null where kind = 'charge_line'"],
      ['erased-too-early'],
    ],
    [
      'a charge edited, its seal hidden',
      ['update charge_line set fen = 1', "update chain set kind = 'x' where kind = 'charge_line'"],
      ['entry-changed', 'row-unsealed'],
    ],
  ]
  for (const [name, statements, found] of crimes)
    it(name, async () => {
      await work()
      await tamper(...statements)
      const { faults } = await prove()
      expect(faults.map(f => f.what).slice(0, found.length), faults.map(faultText).join('\n')).toEqual(found)
    })

  it('an act given to another person, and everything hashed anew: by a seal that was kept elsewhere', async () => {
    await work()
    const kept = await seal()
    await tamper("update history set by_user = '王强', by_id = 'w' where record = 'b' and n = 2")
    expect((await prove([kept])).faults.map(f => f.what)).toEqual(['row-changed'])
    await rehash('history', '["b",2]')
    expect((await prove()).faults).toEqual([])
    expect((await prove([kept])).faults).toMatchObject([{ what: 'seal-broken', n: kept.n, by: 'tower.db' }])
  })

  it('the tail cut off with the head set back: by a seal', async () => {
    await work()
    const kept = await seal()
    await tamper('delete from charge_line', 'delete from register_entry', 'delete from alarm', lastOf('3'))
    expect((await prove()).faults).toEqual([])
    expect((await prove([kept])).faults).toMatchObject([{ what: 'seal-broken', n: kept.n }])
    // A paper carries only how the hash begins.
    const paper = { n: kept.n, hash: kept.hash.slice(0, 16), at: null, by: 'paper' }
    expect((await prove([paper])).faults).toMatchObject([{ what: 'seal-broken', by: 'paper' }])
  })

  it('other books in the place of these: by a seal', async () => {
    await work()
    const kept = await seal()
    await books.close()
    rmSync(folder, { recursive: true })
    books = await openBooks(file)
    await work()
    expect((await prove()).faults).toEqual([])
    expect((await prove([{ ...kept, n: kept.n + 1 }])).faults).toMatchObject([{ what: 'other-books', by: 'tower.db' }])
  })

  it('a chain thrown away, that has begun anew with what somebody made of the rows: by a seal', async () => {
    await work()
    const kept = await seal()
    await books.close()
    await tamper('update charge_line set fen = 1', 'delete from chain')
    books = await openBooks(file)
    expect((await prove()).faults).toEqual([])
    expect((await prove([kept])).faults).toMatchObject([{ what: 'other-books' }])
  })
})

it('what somebody else has changed is not taken over when the console writes the next row', async () => {
  await work()
  await tamper('update charge_line set fen = 1')
  await unit(w => writeHistory(w, { record: 'a', verb: 'note' }))
  expect((await prove()).faults).toMatchObject([{ what: 'row-changed', kind: 'charge_line' }])
})

it('the digest of what was erased can be made unreadable, and the chain stays whole', async () => {
  await work()
  await unit(w => w.tx.updateTable('register_entry').set({ by_user: '-' }).execute())
  const older = "kind = 'register_entry' and n < (select max(n) from chain where kind = 'register_entry')"
  await books.write(tx =>
    tx
      .updateTable('chain')
      .set({ salt: null })
      .where('kind', '=', 'register_entry')
      .where(
        'n',
        '<',
        tx
          .selectFrom('chain as c')
          .select(e => e.fn.max('n').as('n'))
          .where('kind', '=', 'register_entry'),
      )
      .execute(),
  )
  const raw = await openConnection(file, true)
  expect(await raw.all(`select salt from chain where ${older}`, [])).toEqual([{ salt: null }])
  await raw.close()
  expect((await prove()).faults).toEqual([])
})
