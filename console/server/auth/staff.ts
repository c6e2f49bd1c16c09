import { ulid } from 'ulid'
import { Refusal } from '#api/errors'
import type { PersonFile } from '#api/models/people'
import type { NewPerson, PersonBody, PostBody, SessionView, Staff, WorkInHand } from '#api/models/staff'
import { isTwoPowers, mayDo, type Role } from '#api/rights'
import { audit } from '../books/audit.ts'
import type { BooksReader } from '../books/books.ts'
import { noFile, personFilesIn, setPersonFile } from '../books/personFiles.ts'
import { accountsIn, postName, rolesOf, writtenName } from '../books/persons.ts'
import type { Kept } from '../books/schema.ts'
import type { Work } from '../books/unitOfWork.ts'
import { wordsIn } from '../books/words.ts'
import { giveOneTimePassword, sessionMs, withPasswordDue } from './accounts.ts'

/** Who works here and in which posts: whoever administers adds people, changes them, and lets them go. */

/** `now`: real time, which sessions go by. */
export const staffIn = async (db: BooksReader, now: number): Promise<Staff> => {
  const rows = await withPasswordDue(accountsIn(db)).orderBy('user_account.name').execute()
  const sessions = await db
    .selectFrom('session')
    .select(e => ['user_id', e.fn.countAll().as('n')])
    .where('seen_at', '>=', now - sessionMs)
    .groupBy('user_id')
    .execute()
  const posts = await db
    .selectFrom('post')
    .leftJoin('post_group', 'post_group.post', 'post.id')
    .selectAll('post')
    .select('group_name')
    .orderBy('id')
    .execute()
  const files = await personFilesIn(db)
  return {
    people: rows.map(r => ({
      ...(files.get(r.id) ?? noFile),
      id: r.id,
      name: r.name,
      display: r.display,
      post: postName(r),
      postId: r.post,
      roles: rolesOf(r),
      active: r.active === 1,
      passwordDue: r.one_time !== null,
      vouched: Boolean(r.vouched),
      sessions: Number(sessions.find(s => s.user_id === r.id)?.n ?? 0),
    })),
    posts: posts.map(p => ({
      id: p.id,
      name: wordsIn(p.name_json),
      roles: JSON.parse(p.roles_json) as Role[],
      group: p.group_name ?? '',
    })),
  }
}

/** The open cases in somebody's hands, but for those that are kept from whoever asks. */
export const workOf = async (db: BooksReader, id: string, kept: Kept): Promise<WorkInHand[]> => {
  const rows = await db
    .selectFrom('case_file')
    .select(['id', 'number', 'procedure', 'handler_id'])
    .where('ended_at', 'is', null)
    .where(e => e.or([e('owner_id', '=', id), e('handler_id', '=', id)]))
    .where('id', 'not in', kept)
    .orderBy('opened_at')
    .execute()
  return rows.map(({ handler_id, ...r }) => ({ ...r, hand: handler_id === id ? 'handler' : 'owner' }))
}

const personOf = async (work: Work, id: string) => {
  const row = await work.tx.selectFrom('user_account').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new Refusal('unknown-person', 'id')
  return row
}
const mustBePost = async (work: Work, id: string) => {
  if (!(await work.tx.selectFrom('post').select('id').where('id', '=', id).executeTakeFirst()))
    throw new Refusal('unknown-post', 'post')
}
/** Whoever could let people in again must not be the last one to go. */
export const mustKeepAnAdministrator = async (work: Work) => {
  const left = await accountsIn(work.tx).where('user_account.active', '=', 1).execute()
  if (!left.some(r => mayDo(rolesOf(r), 'manage-people'))) throw new Refusal('last-administrator')
}

/** Returns the id of the new account. User names are one name whatever their case. `password`: hashed. */
export const addPerson = async (work: Work, { name, display, post, ...file }: NewPerson, password: string): Promise<string> => {
  await mustBePost(work, post)
  const names = await work.tx.selectFrom('user_account').select('name').execute()
  if (names.some(r => r.name.toLowerCase() === name.toLowerCase())) throw new Refusal('name-taken', 'name')
  const id = ulid()
  await work.tx.insertInto('user_account').values({ id, name, display, post, roles_json: '[]', password, active: 1 }).execute()
  await giveOneTimePassword(work.tx, id, password)
  await setPersonFile(work, id, { ...noFile, ...file })
  work.touched.site = true
  await audit(work.tx, work.at, work.actor, 'person-added', name, { display, post })
  return id
}

export const changePerson = async (work: Work, id: string, { display, post, ...said }: PersonBody) => {
  const before = await personOf(work, id)
  const file = (await personFilesIn(work.tx)).get(id) ?? noFile
  // The first account has no post of the site, and may be renamed all the same.
  if (post !== before.post) await mustBePost(work, post)
  await work.tx.updateTable('user_account').set({ display, post }).where('id', '=', id).execute()
  await setPersonFile(work, id, { ...file, ...said })
  await mustKeepAnAdministrator(work)
  const was = { display: before.display, post: before.post }
  work.touched.site = true
  // Which parts of his file, and not what stands there: the audit is kept for good.
  const parts = (Object.keys(said) as (keyof PersonFile)[]).filter(k => JSON.stringify(said[k]) !== JSON.stringify(file[k]))
  await audit(work.tx, work.at, work.actor, 'person-changed', before.name, { was, is: { display, post }, file: parts.join(' ') })
}

/** Two who are here, the one who hands on and the one who takes over, each by his name of today. */
export const bothHere = async (work: Work, from: string, to: string) => {
  if (from === to) throw new Refusal('same-person', 'to')
  const rows = await accountsIn(work.tx).where('user_account.id', 'in', [from, to]).execute()
  const someone = (id: string, field: string) => {
    const row = rows.find(r => r.id === id)
    if (!row) throw new Refusal('unknown-person', field)
    return { id, display: writtenName(row), roles: rolesOf(row), active: row.active === 1 }
  }
  const taker = someone(to, 'to')
  if (!taker.active) throw new Refusal('has-left', 'to')
  return { giver: someone(from, 'id'), taker }
}

/** Where somebody is signed in, latest first; `now` is real time. */
export const sessionsOf = async (db: BooksReader, id: string, now: number): Promise<SessionView[]> => {
  const rows = await db
    .selectFrom('session')
    .select(['station', 'created_at', 'seen_at'])
    .where('user_id', '=', id)
    .where('seen_at', '>=', now - sessionMs)
    .orderBy('seen_at', 'desc')
    .execute()
  return rows.map(r => ({ station: r.station, since: r.created_at, seenAt: r.seen_at }))
}

/** Ends every session of somebody; his password stays as it is. */
export const signOutEverywhere = async (work: Work, id: string) => {
  const { name } = await personOf(work, id)
  if (id === work.actor.id) throw new Refusal('own-account', 'id')
  await work.tx.deleteFrom('session').where('user_id', '=', id).execute()
  await audit(work.tx, work.at, work.actor, 'signed-out-everywhere', name)
}

export const renewPassword = async (work: Work, id: string, password: string) => {
  const { name, active } = await personOf(work, id)
  // His session would end before he has read it.
  if (id === work.actor.id) throw new Refusal('own-account', 'id')
  if (active === 0) throw new Refusal('has-left', 'id')
  await giveOneTimePassword(work.tx, id, password)
  await audit(work.tx, work.at, work.actor, 'password-reset', name)
}

export const letGo = async (work: Work, id: string) => {
  const { name, active } = await personOf(work, id)
  if (id === work.actor.id) throw new Refusal('own-account', 'id')
  if (active === 0) throw new Refusal('has-left', 'id')
  await work.tx.updateTable('user_account').set({ active: 0 }).where('id', '=', id).execute()
  await work.tx.deleteFrom('session').where('user_id', '=', id).execute()
  // Nobody has to call him here any more.
  await setPersonFile(work, id, noFile)
  await mustKeepAnAdministrator(work)
  work.touched.site = true
  await audit(work.tx, work.at, work.actor, 'person-left', name)
}

export const takeBack = async (work: Work, id: string, password: string) => {
  const { name, active } = await personOf(work, id)
  if (active === 1) throw new Refusal('is-here', 'id')
  await work.tx.updateTable('user_account').set({ active: 1 }).where('id', '=', id).execute()
  await giveOneTimePassword(work.tx, id, password)
  work.touched.site = true
  await audit(work.tx, work.at, work.actor, 'person-returned', name)
}

/** `id`: null for a new post. `separate`: at this site nobody holds two of the three powers. */
export const setPost = async (work: Work, id: string | null, { name, roles, group }: PostBody, separate = false) => {
  if (separate && isTwoPowers(roles)) throw new Refusal('powers-mixed', 'roles')
  const setGroup = async (post: string) => {
    if (group === undefined) return
    await work.tx.deleteFrom('post_group').where('post', '=', post).execute()
    if (group === '') return
    const other = await work.tx.selectFrom('post_group').select('post').where('group_name', '=', group).executeTakeFirst()
    if (other) throw new Refusal('name-taken', 'group')
    await work.tx.insertInto('post_group').values({ post, group_name: group }).execute()
  }
  const values = { name_json: JSON.stringify(name), roles_json: JSON.stringify([...new Set(roles)]) }
  if (id === null) {
    const made = ulid().toLowerCase()
    await work.tx
      .insertInto('post')
      .values({ id: made, ...values })
      .execute()
    await setGroup(made)
    await audit(work.tx, work.at, work.actor, 'post-added', made, { name, roles, group })
    return
  }
  const before = await work.tx.selectFrom('post').selectAll().where('id', '=', id).executeTakeFirst()
  if (!before) throw new Refusal('unknown-post', 'id')
  await work.tx.updateTable('post').set(values).where('id', '=', id).execute()
  await setGroup(id)
  await mustKeepAnAdministrator(work)
  const was = { name: JSON.parse(before.name_json), roles: JSON.parse(before.roles_json) }
  work.touched.site = true
  await audit(work.tx, work.at, work.actor, 'post-changed', id, { was, is: { name, roles, group } })
}
