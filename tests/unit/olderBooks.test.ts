import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { openStore } from '#store/openStore'
import { hashedPassword, openAccounts } from '../../console/server/auth/accounts.ts'
import { openBooks } from '../../console/server/books/books.ts'
import { migrations } from '../../console/server/books/migrations.ts'
import type { Books } from '../../console/server/books/schema.ts'

const folder = mkdtempSync(join(tmpdir(), 'zhiban-older-'))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('books of any landed version go on: whoever had an account signs in as before', async () => {
  const password = await hashedPassword('as it was')
  const steps = Object.entries(migrations)
  for (let n = 1; n < steps.length; n++) {
    const file = join(folder, `${n}.db`)
    const older = await openStore<Books>({ file, synchronous: 'FULL', migrations: Object.fromEntries(steps.slice(0, n)) })
    await older.write(tx =>
      tx
        .insertInto('user_account')
        .values({ id: 'a', name: 'lina', display: '李娜', post: '-', roles_json: '["front-desk"]', password, active: 1 })
        .execute(),
    )
    await older.close()
    const books = await openBooks(file)
    const { user } = await (await openAccounts(books)).signIn('lina', 'as it was', 'test')
    expect(user).toMatchObject({ display: '李娜', roles: ['front-desk'], passwordDue: false })
    await books.close()
  }
})
