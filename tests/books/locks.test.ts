import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Role } from '#api/rights'
import { StoreUnavailable } from '#store/openStore'
import { type Accounts, openAccounts } from '../../console/server/auth/accounts.ts'
import type { BooksStore } from '../../console/server/books/books.ts'
import { openEmptyBooks } from '../harness/consoleBooks.ts'

const hour = 3_600_000
let books: BooksStore
let accounts: Accounts
let writes = true
const begin = Date.parse('2026-11-29T00:00:00Z')
beforeEach(async () => {
  vi.useFakeTimers({ now: begin, toFake: ['Date'] })
  const real = await openEmptyBooks()
  writes = true
  books = {
    ...real,
    write: work => (writes ? real.write(work) : Promise.reject(new StoreUnavailable('the books cannot be written'))),
  }
  accounts = await openAccounts(books)
  const add = (name: string, roles: Role[]) => accounts.add({ name, display: name, post: '-', roles, password: 'right-one' })
  await add('watch', ['operator'])
  await add('desk', ['front-desk'])
})
afterEach(async () => {
  vi.useRealTimers()
  await books.close()
})

const enter = (name: string) => accounts.signIn(name, 'right-one', 's')
const stateOf = async (token: string) => {
  const user = await accounts.userOf(token)
  return user === undefined ? 'over' : user.locked ? 'locked' : 'open'
}
const refusal = (done: Promise<unknown>) =>
  done.then(
    () => 'done',
    error => (error as { code: string }).code,
  )
/** Somebody who is heard of every hour, or nobody. */
const pass = async (hours: number, token?: string) => {
  for (let i = 0; i < hours; i++) {
    vi.setSystemTime(Date.now() + hour)
    if (token) await stateOf(token)
    // What was seen is written beside the answer.
    await books.read.selectFrom('session').select('seen_at').execute()
  }
}

it('a session ends twelve hours after its last sign of life, and a day after its beginning; where watch is kept it is locked instead', async () => {
  const [desk, watch] = [await enter('desk'), await enter('watch')]
  await pass(13)
  expect([await stateOf(desk.token), await stateOf(watch.token)]).toEqual(['over', 'locked'])
  const again = await enter('desk')
  const from = { token: watch.token, station: 's' }
  expect(await refusal(accounts.unlock(watch.user, 'wrong-one', from))).toBe('wrong-password')
  expect(await stateOf(watch.token)).toBe('locked')
  await accounts.unlock(watch.user, 'right-one', from)
  expect(await stateOf(watch.token)).toBe('open')
  await Promise.all([pass(24, watch.token), pass(0)])
  for (const token of [again.token]) expect(await stateOf(token)).toBe('over')
  expect(await stateOf(watch.token)).toBe('open')
  await pass(1, watch.token)
  expect(await stateOf(watch.token)).toBe('locked')
  // Who signs in elsewhere clears away what is over, not the station that keeps watch.
  await enter('desk')
  expect(await stateOf(watch.token)).toBe('locked')
})

it('a session that is used all the time ends after a day all the same', async () => {
  const desk = await enter('desk')
  await pass(24, desk.token)
  expect(await stateOf(desk.token)).toBe('open')
  await pass(1, desk.token)
  expect(await stateOf(desk.token)).toBe('over')
})

it('a PIN opens a locked station, never the door, and goes with a password that somebody else has made', async () => {
  const { token, user } = await enter('desk')
  const from = { token, station: 's' }
  const nothing = () => {}
  expect(
    await refusal(accounts.choosePin(user, { password: 'wrong-one', pin: '4711' }, { token: 't', station: 's' }, nothing)),
  ).toBe('wrong-password')
  for (const pin of ['1234', '0000', '98765'])
    expect(
      await refusal(accounts.choosePin(user, { password: 'right-one', pin }, { token: 't', station: 's' }, nothing)),
      pin,
    ).toBe('password-guessed')
  await accounts.choosePin(user, { password: 'right-one', pin: '4711' }, { token: 't', station: 's' }, nothing)
  await accounts.lock(token)
  expect(await stateOf(token)).toBe('locked')
  expect((await accounts.unlock(user, '4711', from)).locked).toBe(false)
  expect(await refusal(accounts.signIn('desk', '4711', 's'))).toBe('wrong-password')
  // Ten thousand PINs are soon tried: not here.
  for (let i = 0; i < 5; i++) await refusal(accounts.prove(user, `900${i}`, 's'))
  expect(await refusal(accounts.prove(user, '4711', 's'))).toBe('slow-down')
  vi.setSystemTime(Date.now() + 120_000)
  await accounts.choosePin(user, { password: 'right-one', pin: '' }, { token: 't', station: 'another' }, nothing)
  expect(await refusal(accounts.prove(user, '4711', 'another'))).toBe('wrong-password')
  await accounts.choosePin(user, { password: 'right-one', pin: '4711' }, { token: 't', station: 'another' }, nothing)
  await accounts.resetPassword('desk', 'one-time-1', nothing)
  expect(await refusal(accounts.prove(user, '4711', 'third'))).toBe('wrong-password')
})

it('whoever tries PINs through the night has five of them; the password opens, and lets the PIN be used again', async () => {
  const { token, user } = await enter('watch')
  await accounts.choosePin(user, { password: 'right-one', pin: '4711' }, { token: 't', station: 's' }, () => {})
  await accounts.lock(token)
  const tried = async (secret: string, station: string) => refusal(accounts.unlock(user, secret, { token, station }))
  // From as many stations as he likes, so that none makes him wait.
  for (let i = 0; i < 5; i++) expect(await tried(`900${i}`, `s${i}`)).toBe('wrong-password')
  expect(await tried('4711', 'another')).toBe('pin-tried-out')
  expect(await stateOf(token)).toBe('locked')
  expect(await tried('right-one', 'another')).toBe('done')
  expect(await stateOf(token)).toBe('open')
  await accounts.lock(token)
  expect(await tried('4711', 'another')).toBe('done')
})

it('a station is locked and unlocked also while the books take nothing', async () => {
  const { token, user } = await enter('watch')
  writes = false
  await accounts.lock(token)
  expect(await stateOf(token)).toBe('locked')
  await accounts.unlock(user, 'right-one', { token, station: 's' })
  expect(await stateOf(token)).toBe('open')
  // Also one that its limits have locked meanwhile.
  vi.setSystemTime(Date.now() + 30 * hour)
  expect(await stateOf(token)).toBe('locked')
  await accounts.unlock(user, 'right-one', { token, station: 's' })
  expect(await stateOf(token)).toBe('open')
  // One that began meanwhile lives in memory, and is locked there.
  const later = await enter('watch')
  await accounts.lock(later.token)
  expect(await stateOf(later.token)).toBe('locked')
  await accounts.unlock(later.user, 'right-one', { token: later.token, station: 's' })
  expect(await stateOf(later.token)).toBe('open')
  writes = true
})
