import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openReader } from '#store/openStore'
import { openConnection } from '#store/sqlite'
import { type BooksStore, openBooks } from '../../console/server/books/books.ts'
import { writeHistory } from '../../console/server/books/history.ts'
import { proveHistory } from '../../console/server/books/historyProof.ts'
import type { Books } from '../../console/server/books/schema.ts'
import { unitOfWork } from '../../console/server/books/unitOfWork.ts'

let folder: string
let file: string
let books: BooksStore
let clock = 1_800_000_000_000
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zhiban-history-'))
  file = join(folder, 'books.db')
  books = await openBooks(file)
})
afterEach(async () => {
  await books.close()
  rmSync(folder, { recursive: true, force: true })
})

const write = async (record: string, verbs: string[]) => {
  const unit = unitOfWork(
    books,
    () => clock++,
    () => {},
  )
  const somebody = { id: 'u', display: '李娜', station: '10.0.0.7' }
  for (const verb of verbs)
    await unit(somebody, work => writeHistory(work, { record, verb, note: `'${verb}' 原因`, detail: { verb } }, verb === 'open'))
}
const prove = async () => {
  const { read, close } = await openReader<Books>(file)
  try {
    return await proveHistory(read)
  } finally {
    await close()
  }
}
/** What somebody with the file in his hands could do: the guards of the database are his to drop. */
const tamper = async (sql: string) => {
  const raw = await openConnection(file)
  await raw.exec('drop trigger history_update; drop trigger history_delete')
  await raw.exec(sql)
  await raw.close()
}

it('a chain that nobody touched is whole', async () => {
  await write('a', ['open', 'send', 'finish'])
  await write('b', ['open'])
  expect(await prove()).toEqual({ records: 2, entries: 4, broken: null })
})

it('the database itself refuses to change or delete an entry', async () => {
  await write('a', ['open'])
  await expect(books.write(tx => tx.updateTable('history').set({ note: 'x' }).returning('n').execute())).rejects.toThrow(
    /append-only/,
  )
  await expect(books.write(tx => tx.deleteFrom('history').returning('n').execute())).rejects.toThrow(/append-only/)
})

const crimes: [string, string, { record: string; n: number }][] = [
  ['a changed reason', "update history set note = 'nothing' where record = 'b' and n = 2", { record: 'b', n: 2 }],
  ['another time', "update history set at = at - 60000 where record = 'b' and n = 1", { record: 'b', n: 1 }],
  ['another person', "update history set by_user = '王建国' where record = 'b' and n = 3", { record: 'b', n: 3 }],
  ['an entry taken out', "delete from history where record = 'b' and n = 2", { record: 'b', n: 3 }],
  ['the last entry taken out', "delete from history where record = 'b' and n = 3", { record: 'b', n: 2 }],
  ['a whole history taken out', "delete from history where record = 'b'", { record: '', n: 0 }],
  ['hashes blanked', "update history set hash = '' where record = 'b' and n > 1", { record: 'b', n: 2 }],
]
for (const [name, sql, where] of crimes)
  it(`${name} is found, and where`, async () => {
    await write('a', ['open', 'send', 'finish'])
    await write('b', ['open', 'send', 'finish'])
    await write('c', ['open'])
    await tamper(sql)
    expect((await prove()).broken).toMatchObject(where)
  })
