import { afterEach, beforeEach, expect, it } from 'vitest'
import { letMachineIn, machineOf, machinesIn, takeMachineBack } from '../../console/server/auth/machines.ts'
import type { BooksStore } from '../../console/server/books/books.ts'
import { type UnitOfWork, unitOfWork } from '../../console/server/books/unitOfWork.ts'
import { openEmptyBooks } from '../harness/consoleBooks.ts'

const day = 86_400_000
let books: BooksStore
let unit: UnitOfWork
beforeEach(async () => {
  books = await openEmptyBooks()
  unit = unitOfWork(
    books,
    () => 0,
    () => {},
  )
})
afterEach(() => books.close())
const boss = { id: 'boss', display: '陈静', station: 's' }

it('a token is good until its day, and no longer once it is taken back; nothing that is stored opens anything', async () => {
  const token = await unit(boss, work => letMachineIn(work, { name: '能耗平台', rights: ['see-live'], days: 2 }, 0))
  const asks = (given: string, now: number) => machineOf(books.read, `Bearer ${given}`, now)
  expect(await asks(token, 2 * day - 1)).toMatchObject({ user: { display: '能耗平台', roles: [] }, rights: ['see-live'] })
  expect(await asks(token, 2 * day)).toBeUndefined()
  expect(await machineOf(books.read, token, 0)).toBeUndefined()
  const [row] = await books.read.selectFrom('machine').selectAll().execute()
  expect(JSON.stringify(row)).not.toContain(token.slice(3))
  expect(await asks(`zb_${row?.token_hash}`, 0)).toBeUndefined()
  const [made] = await machinesIn(books.read)
  await unit(boss, work => takeMachineBack(work, made?.id ?? '', day))
  expect(await asks(token, day)).toBeUndefined()
  await expect(unit(boss, work => takeMachineBack(work, made?.id ?? '', day))).rejects.toThrow('already-over')
})
