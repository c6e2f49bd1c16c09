import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BooksStore } from '../../console/server/books/books.ts'
import { writeHistory } from '../../console/server/books/history.ts'
import { unitOfWork } from '../../console/server/books/unitOfWork.ts'
import { openEmptyBooks } from '../harness/consoleBooks.ts'

let books: BooksStore
/** Past 2038, where 32 bits end. */
const now = 4_102_444_800_000
beforeEach(async () => {
  books = await openEmptyBooks()
})
afterEach(() => books.close())

const openCase = (id: string, number = id) =>
  books.write(tx =>
    tx
      .insertInto('case_file')
      .values({
        id,
        procedure: 'overtime',
        version: 1,
        number,
        state: 'signed',
        owner: '李娜',
        opened_at: now,
        changed_at: now,
        urgent: 0,
        form_json: '{}',
        facts_json: '{}',
        revision: 0,
      })
      .execute(),
  )
const book = async (id: string, zone: string, from: number, to: number, live = 1) => {
  await openCase(id)
  await books.write(tx =>
    tx
      .insertInto('booking')
      .values({ id, case_id: id, zone, tenant: 't', from_at: now + from, to_at: now + to, live, quoted_fen: 1 })
      .execute(),
  )
}
const booked = async () => (await books.read.selectFrom('booking').selectAll().orderBy('case_id').execute()).map(b => b.case_id)

describe('the books themselves, whoever writes', () => {
  it('keep times of 64 bits', async () => {
    await book('a', 'z', 0, 10)
    expect(await books.read.selectFrom('booking').select(['from_at', 'to_at']).executeTakeFirst()).toEqual({
      from_at: now,
      to_at: now + 10,
    })
  })
  it('let nobody have a zone that somebody has', async () => {
    await book('a', 'z', 0, 10)
    await book('b', 'z', 10, 20)
    await book('c', 'other', 0, 10)
    await book('given-up', 'z', 0, 10, 0)
    for (const [id, from, to] of [
      ['d', 5, 15],
      ['e', 2, 3],
      ['f', -5, 25],
      ['g', -5, 1],
    ] as const)
      await expect(book(id, 'z', from, to), id).rejects.toThrow(/overlap/)
    const move = (id: string, change: { to_at?: number; live?: number }) =>
      books.write(tx => tx.updateTable('booking').set(change).where('case_id', '=', id).execute())
    await expect(move('a', { to_at: now + 11 })).rejects.toThrow(/overlap/)
    await expect(move('given-up', { live: 1 })).rejects.toThrow(/overlap/)
    // What is over early makes room.
    await move('a', { to_at: now + 5 })
    await book('h', 'z', 5, 10)
    expect(await booked()).toEqual(['a', 'b', 'c', 'given-up', 'h'])
  })
  it('give a number once', async () => {
    await openCase('a', 'OT-1')
    await expect(openCase('b', 'OT-1')).rejects.toThrow(/unique/i)
  })
  it('never change or lose an entry of a history', async () => {
    const unit = unitOfWork(
      books,
      () => now,
      () => {},
    )
    const somebody = { id: 'u', display: '李娜', station: '10.0.0.7' }
    await unit(somebody, work => writeHistory(work, { record: 'a', verb: 'open', note: '', detail: {} }, true))
    const change = books.write(tx => tx.updateTable('history').set({ note: 'x' }).where('record', '=', 'a').execute())
    await expect(change).rejects.toThrow(/append-only/)
    const remove = books.write(tx => tx.deleteFrom('history').where('record', '=', 'a').execute())
    await expect(remove).rejects.toThrow(/append-only/)
    const again = books.write(tx => sql`insert into history select * from history`.execute(tx))
    await expect(again).rejects.toThrow(/unique/i)
    expect(await books.read.selectFrom('history').select(['note', 'at']).execute()).toEqual([{ note: '', at: now }])
  })
  it('hold a number for no text, and a case for everything that belongs to one', async () => {
    const entry = books.write(tx => sql`insert into counter (procedure, period, n) values ('a', '2026', ${'many'})`.execute(tx))
    await expect(entry).rejects.toThrow()
    const orphan = books.write(tx => tx.insertInto('case_link').values({ from_case: 'x', to_case: 'y', relation: 'r' }).execute())
    await expect(orphan).rejects.toThrow(/foreign key/i)
  })
})
