import { afterEach, beforeEach, expect, it } from 'vitest'
import type { CaseHead } from '#api/models/cases'
import { powers, type Role } from '#api/rights'
import { type Accounts, hashedPassword, openAccounts } from '../../console/server/auth/accounts.ts'
import {
  addPerson,
  bothHere,
  changePerson,
  letGo,
  renewPassword,
  sessionsOf,
  setPost,
  signOutEverywhere,
  staffIn,
  takeBack,
  workOf,
} from '../../console/server/auth/staff.ts'
import type { Work } from '../../console/server/books/unitOfWork.ts'
import { handOn } from '../../console/server/engine/cases/handOn.ts'
import { type ConsoleBooks, openConsoleBooks } from '../harness/consoleBooks.ts'

/** Who administers adds people and posts, changes them, and lets people go. */
const start = Date.parse('2026-11-24T09:00:00+08:00')
let desk: ConsoleBooks
let accounts: Accounts
let hashed: string
const boss = { id: 'boss', display: 'Administrator', station: 'test', roles: ['security' as Role] }
beforeEach(async () => {
  desk = await openConsoleBooks(() => start)
  accounts = await openAccounts(desk.books)
  hashed ??= await hashedPassword('given over')
  await desk.books.write(tx =>
    tx
      .insertInto('user_account')
      .values({
        id: 'boss',
        name: 'admin',
        display: '—',
        post: '-',
        roles_json: '["administrator","security"]',
        password: hashed,
        active: 1,
      })
      .execute(),
  )
})
afterEach(() => desk.close())

const as = <R>(act: (work: Work) => Promise<R>) => desk.unit(boss, act)
const refusal = (p: Promise<unknown>) =>
  p.then(
    () => 'done',
    e => [e.code, e.field].filter(x => x !== undefined).join(' '),
  )
const post = async (zh: string, ...roles: Role[]) => {
  await as(work => setPost(work, null, { name: { zh, en: zh }, roles }))
  return (await staffIn(desk.books.read, Date.now())).posts.find(p => p.name.zh === zh)?.id ?? ''
}
const add = (name: string, to: string) => as(work => addPerson(work, { name, display: '李娜', post: to }, hashed))
/** Two of one millisecond have no order. */
const audited = async () => (await desk.books.read.selectFrom('audit').select('what').execute()).map(r => r.what).sort()

it('somebody is added to a post, signs in once to choose a password, and has the roles of the post, also when these change', async () => {
  const desks = await post('前台', 'front-desk')
  await add('lina', desks)
  const { user } = await accounts.signIn('lina', 'given over', 'test')
  expect(user).toMatchObject({ roles: ['front-desk'], passwordDue: true, post: { zh: '前台' } })
  await as(work => setPost(work, desks, { name: { zh: '前台主管', en: 'Head' }, roles: ['front-desk', 'supervisor'] }))
  const { people } = await staffIn(desk.books.read, Date.now())
  expect(people.find(p => p.name === 'lina')).toMatchObject({
    roles: ['front-desk', 'supervisor'],
    passwordDue: true,
    sessions: 1,
  })
  expect(await audited()).toEqual(['person-added', 'post-added', 'post-changed'])
})

it('a user name is taken whatever its case, a post must be there, and nothing is half stored', async () => {
  const desks = await post('前台', 'front-desk')
  await add('lina', desks)
  expect(await refusal(add('LINA', desks))).toBe('name-taken name')
  expect(await refusal(add('he', 'nowhere'))).toBe('unknown-post post')
  expect(await refusal(as(work => changePerson(work, 'nobody', { display: 'x', post: desks })))).toBe('unknown-person id')
  expect((await staffIn(desk.books.read, Date.now())).people.map(p => p.name)).toEqual(['admin', 'lina'])
  expect(await audited()).toEqual(['person-added', 'post-added'])
})

it('who leaves is out at once and keeps his name on what he has done; who is back begins with a one-time password', async () => {
  const desks = await post('前台', 'front-desk')
  const id = await add('lina', desks)
  const session = await accounts.signIn('lina', 'given over', 'test')
  await as(work => letGo(work, id))
  expect(await accounts.userOf(session.token)).toBeUndefined()
  expect(await refusal(accounts.signIn('lina', 'given over', 'test'))).toBe('wrong-password password')
  expect((await staffIn(desk.books.read, Date.now())).people.find(p => p.id === id)).toMatchObject({
    display: '李娜',
    active: false,
    sessions: 0,
  })
  expect(await refusal(as(work => letGo(work, id)))).toBe('has-left id')
  expect(await refusal(as(work => renewPassword(work, id, hashed)))).toBe('has-left id')
  // His user name stays his.
  expect(await refusal(add('lina', desks))).toBe('name-taken name')
  await as(work => takeBack(work, id, hashed))
  expect((await accounts.signIn('lina', 'given over', 'test')).user.passwordDue).toBe(true)
  expect(await refusal(as(work => takeBack(work, id, hashed)))).toBe('is-here id')
})

it('somebody stays administrator: by leaving, by changing post, by what the post may', async () => {
  const [chief, desks] = [await post('安全管理员', 'security'), await post('前台', 'front-desk')]
  expect(await refusal(as(work => letGo(work, 'boss')))).toBe('own-account id')
  expect(await refusal(as(work => renewPassword(work, 'boss', hashed)))).toBe('own-account id')
  expect(await refusal(as(work => changePerson(work, 'boss', { display: 'x', post: desks })))).toBe('last-administrator')
  const other = await add('he', chief)
  await as(work => changePerson(work, 'boss', { display: '陈静', post: desks }))
  expect(await refusal(as(work => letGo(work, other)))).toBe('last-administrator')
  const weaker = { name: { zh: '安全管理员', en: 'x' }, roles: ['guard' as const] }
  expect(await refusal(as(work => setPost(work, chief, weaker)))).toBe('last-administrator')
  // Nothing of what was refused has happened.
  expect((await staffIn(desk.books.read, Date.now())).people.map(p => [p.name, p.active, p.roles.join()])).toEqual([
    ['admin', true, 'front-desk'],
    ['he', true, 'security'],
  ])
})

it('where a site separates its powers no post holds two of them; elsewhere one may hold them all', async () => {
  const all = { name: { zh: '管理员', en: 'x' }, roles: [...powers] }
  expect(await refusal(as(work => setPost(work, null, all, true)))).toBe('powers-mixed roles')
  for (const power of powers) await as(work => setPost(work, null, { ...all, roles: [power, 'manager'] }, true))
  const made = (await staffIn(desk.books.read, Date.now())).posts[0]?.id ?? ''
  expect(await refusal(as(work => setPost(work, made, all, true)))).toBe('powers-mixed roles')
  await as(work => setPost(work, made, all))
})

it('the open cases in the hands of somebody are listed, but not to whom one of them is about', async () => {
  const id = await add('lina', await post('前台', 'front-desk'))
  const lina = { id, display: '李娜', roles: ['front-desk' as const] }
  const form = { address: 'f7-e', content: '漏水', contact: '谢宁', phone: '138', kind: 'repair' }
  const open = (): Promise<CaseHead> =>
    desk.unit({ id, display: '李娜', station: 'test' }, work => desk.engine.open(work, 'repair', { form }, lina))
  const [kept, shown] = [await open(), await open()]
  const list = (who: { id: string; display: string; roles: Role[] }) =>
    workOf(desk.books.read, id, desk.engine.keptFrom(desk.books.read, who))
  expect((await list(boss)).map(w => w.number)).toEqual([kept.number, shown.number])
  await desk.books.write(tx =>
    tx
      .insertInto('case_person')
      .values({ case_id: kept.id, name: boss.display, user_id: boss.id, concerned: 1, since: start })
      .execute(),
  )
  expect((await list(boss)).map(w => w.number)).toEqual([shown.number])
})

it('what somebody has in hand goes to another one who may see it and whom it is not about; he is told, and the history says so', async () => {
  const engineers = await post('工程', 'engineer')
  const [old, next, guard] = [
    await add('old', engineers),
    await add('next', engineers),
    await add('guard', await post('保安', 'guard')),
  ]
  const him = { id: old, display: '李娜', roles: ['engineer' as const] }
  const form = { address: 'f7-e', content: '漏水', contact: '谢宁', phone: '138', kind: 'repair' }
  const open = async (): Promise<CaseHead> => {
    const desk0 = { id: 'd', display: '前台', station: 'test' }
    const opened = await desk.unit(desk0, work => desk.engine.open(work, 'repair', { form }, { roles: ['front-desk'] }))
    return desk.unit({ id: old, display: '李娜', station: 'test' }, work => desk.engine.act(work, opened.id, 'accept', {}, him))
  }
  const [free, about] = [await open(), await open()]
  await desk.books.write(tx =>
    tx.insertInto('case_person').values({ case_id: about.id, name: 'next', user_id: next, concerned: 1, since: start }).execute(),
  )
  const give = (to: string) =>
    as(async work => {
      const { giver, taker } = await bothHere(work, old, to)
      await handOn(desk.engine, work, giver, taker)
    })
  const hands = async (id: string) =>
    (await workOf(desk.books.read, id, desk.engine.keptFrom(desk.books.read, boss)))
      .filter(w => w.hand === 'handler')
      .map(w => w.number)
  expect(await hands(old)).toEqual([free.number, about.number])
  expect(await refusal(give(old))).toBe('same-person to')
  expect(await refusal(give('nobody'))).toBe('unknown-person to')
  // A guard does not see repairs: they stay where they are.
  await give(guard)
  expect(await hands(old)).toEqual([free.number, about.number])
  await give(next)
  expect([await hands(old), await hands(next)]).toEqual([[about.number], [free.number]])
  const entry = await desk.books.read
    .selectFrom('history')
    .selectAll()
    .where('record', '=', free.id)
    .where('verb', '=', 'hand-on')
    .execute()
  expect(entry).toHaveLength(1)
  const notices = await desk.books.read.selectFrom('notice').selectAll().where('record', '=', free.id).execute()
  expect(notices.some(n => n.roles_json.includes(`user:${next}`))).toBe(true)
})

it('where somebody is signed in is listed and ended, but not by himself', async () => {
  const id = await add('lina', await post('前台', 'front-desk'))
  const seat = { user_id: id, station: '10.0.0.7' }
  const now = Date.now()
  await desk.books.write(async tx => {
    await tx
      .insertInto('session')
      .values({ token_hash: 'a', ...seat, created_at: now - 5000, seen_at: now })
      .execute()
    await tx
      .insertInto('session')
      .values({ token_hash: 'b', ...seat, created_at: 1, seen_at: 2 })
      .execute()
  })
  expect(await sessionsOf(desk.books.read, id, now)).toEqual([{ station: '10.0.0.7', since: now - 5000, seenAt: now }])
  await as(work => signOutEverywhere(work, id))
  expect(await sessionsOf(desk.books.read, id, now)).toEqual([])
  expect(await refusal(as(work => signOutEverywhere(work, boss.id)))).toBe('own-account id')
})
