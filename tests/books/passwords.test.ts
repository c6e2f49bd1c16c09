import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Accounts, openAccounts } from '../../console/server/auth/accounts.ts'
import { openFirstAdministrator } from '../../console/server/auth/firstAdministrator.ts'
import type { BooksStore } from '../../console/server/books/books.ts'
import { openEmptyBooks } from '../harness/consoleBooks.ts'

let folder: string
let file: string
let books: BooksStore
let accounts: Accounts
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zhiban-passwords-'))
  file = join(folder, 'first-password.txt')
  books = await openEmptyBooks()
  accounts = await openAccounts(books)
})
afterEach(async () => {
  await books.close()
  rmSync(folder, { recursive: true, force: true })
})
const nothing = () => {}
const refusal = (p: Promise<unknown>) =>
  p.then(
    () => 'done',
    e => [e.code, e.field].join(' '),
  )
const change = (at: { token: string; user: Parameters<Accounts['changePassword']>[0] }, old: string, chosen: string) =>
  accounts.changePassword(at.user, { old, chosen }, { token: at.token, station: 'test' }, nothing)

describe('the first account', () => {
  it('has its one-time password in a file of the owner alone until it is changed, whatever is started meanwhile', async () => {
    const first = await openFirstAdministrator(accounts, file)
    const { name, password } = first.waiting ?? { name: '', password: '' }
    expect(readFileSync(file, 'utf8')).toBe(`${name} ${password}\n`)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    // A later start makes nobody a second time.
    expect((await openFirstAdministrator(accounts, file)).waiting).toMatchObject({ name, password })
    expect(await accounts.names()).toEqual([name])
    const session = await accounts.signIn(name, password, 'test')
    expect(session.user.passwordDue).toBe(true)
    expect((await change(session, password, 'four plain words')).passwordDue).toBe(false)
    await first.clear()
    expect(existsSync(file)).toBe(false)
    expect((await openFirstAdministrator(accounts, file)).waiting).toBeUndefined()
  })

  it('gets the password of a start that was cut off before the account was made', async () => {
    writeFileSync(file, 'admin from-before\n')
    expect((await openFirstAdministrator(accounts, file)).waiting?.password).toBe('from-before')
    expect((await accounts.signIn('admin', 'from-before', 'test')).user.passwordDue).toBe(true)
  })

  it('who was given another password since has no longer the one of the file, which then says nothing', async () => {
    await openFirstAdministrator(accounts, file)
    await accounts.resetPassword('admin', 'from the owner', nothing)
    expect((await openFirstAdministrator(accounts, file)).waiting).toBeUndefined()
    expect(existsSync(file)).toBe(false)
  })

  it('of which a cut-off change has left the file behind has it taken away', async () => {
    const { waiting } = await openFirstAdministrator(accounts, file)
    const session = await accounts.signIn('admin', waiting?.password ?? '', 'test')
    await change(session, waiting?.password ?? '', 'four plain words')
    expect(existsSync(file)).toBe(true)
    expect((await openFirstAdministrator(accounts, file)).waiting).toBeUndefined()
    expect(existsSync(file)).toBe(false)
  })
})

describe('one’s own password', () => {
  beforeEach(() => accounts.add({ name: 'lina', display: '李娜', post: '-', roles: ['front-desk'], password: 'old one!' }))

  it('is changed by whoever knows it, for one that is not guessed; his other sessions end, and nobody else’s', async () => {
    await accounts.add({ name: 'he', display: '何敏', post: '-', roles: ['operator'], password: 'other one' })
    const [here, there, other] = [
      await accounts.signIn('lina', 'old one!', 'a'),
      await accounts.signIn('lina', 'old one!', 'b'),
      await accounts.signIn('he', 'other one', 'a'),
    ]
    expect(await refusal(change(here, 'wrong', 'four plain words'))).toBe('wrong-password old')
    expect(await refusal(change(here, 'old one!', 'short'))).toBe('password-short chosen')
    expect(await refusal(change(here, 'old one!', 'lina lina'))).toBe('password-guessed chosen')
    expect(await refusal(change(here, 'old one!', 'old one!'))).toBe('password-same chosen')
    expect(await accounts.userOf(there.token)).toBeDefined()
    await change(here, 'old one!', 'four plain words')
    expect(await accounts.userOf(there.token)).toBeUndefined()
    expect((await accounts.userOf(here.token))?.name).toBe('lina')
    expect((await accounts.userOf(other.token))?.name).toBe('he')
    expect(await refusal(accounts.signIn('lina', 'old one!', 'c'))).toBe('wrong-password password')
    expect((await accounts.signIn('lina', 'four plain words', 'c')).user.passwordDue).toBe(false)
  })

  it('cannot be tried out by whoever has found a session', async () => {
    const found = await accounts.signIn('lina', 'old one!', 'a')
    const tries = []
    for (let i = 0; i < 7; i++) tries.push(await refusal(change(found, `guess ${i}`, 'four plain words')))
    expect(tries.at(-1)).toBe('slow-down old')
  })

  it('that is not stored because what goes with it is not, is the old one still', async () => {
    const { token, user } = await accounts.signIn('lina', 'old one!', 'a')
    const failing = () => {
      throw new Error('no')
    }
    const from = { token, station: 'a' }
    await expect(accounts.changePassword(user, { old: 'old one!', chosen: 'four plain words' }, from, failing)).rejects.toThrow(
      'no',
    )
    expect((await accounts.signIn('lina', 'old one!', 'a')).user.name).toBe('lina')
  })
})

it('a password that is given anew must be changed, and ends every session', async () => {
  await accounts.add({ name: 'lina', display: '李娜', post: '-', roles: ['front-desk'], password: 'old one!' })
  const before = await accounts.signIn('lina', 'old one!', 'a')
  expect(await accounts.resetPassword('nobody', 'x', nothing)).toBe(false)
  expect(await accounts.resetPassword('lina', 'from the owner', nothing)).toBe(true)
  // Twice in a row is once.
  expect(await accounts.resetPassword('lina', 'from the owner again', nothing)).toBe(true)
  expect(await accounts.userOf(before.token)).toBeUndefined()
  expect((await accounts.signIn('lina', 'from the owner again', 'a')).user.passwordDue).toBe(true)
})
