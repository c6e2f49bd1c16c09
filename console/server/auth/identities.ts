import { randomBytes } from 'node:crypto'
import { ulid } from 'ulid'
import { Refusal } from '#api/errors'
import { isTwoPowers, type Role } from '#api/rights'
import { audit } from '../books/audit.ts'
import type { BooksReader } from '../books/books.ts'
import type { Work } from '../books/unitOfWork.ts'
import { hashedPassword } from './accounts.ts'
import type { Vouched } from './provider.ts'
import { mustKeepAnAdministrator } from './staff.ts'

/** Whom a sign-in provider vouches for, and which account and post that is here. */

const accountsOf = (db: BooksReader) =>
  db
    .selectFrom('user_account')
    .leftJoin('provider_identity', 'provider_identity.user_id', 'user_account.id')
    .select(['user_account.id', 'user_account.name', 'display', 'post', 'active', 'subject'])
    .select(e => e('provider_identity.user_id', 'is not', null).as('vouched'))

/** The account of this person: the one that the provider's subject has, or one of his name that waits for him. */
const accountOf = async (db: BooksReader, { subject, name }: Vouched) => {
  const known = await accountsOf(db).where('subject', '=', subject).executeTakeFirst()
  if (known) return known
  const named = (await accountsOf(db).execute()).find(a => a.name.toLowerCase() === name.toLowerCase())
  // A name is not enough: whoever may choose one at the provider would be anybody here.
  if (named && (!named.vouched || named.subject !== null)) throw new Refusal('name-taken', 'name')
  return named
}

/** The post that one of the groups stands for; where several do, the one that he has already. */
const postOf = async (db: BooksReader, groups: readonly string[], now: string | undefined) => {
  const rows = await db
    .selectFrom('post_group')
    .innerJoin('post', 'post.id', 'post_group.post')
    .select(['post.id', 'post.roles_json', 'group_name'])
    .orderBy('post.id')
    .execute()
  const his = rows.filter(r => groups.includes(r.group_name))
  const post = his.find(r => r.id === now) ?? his[0]
  if (!post) throw new Refusal('no-post')
  return post
}

/** Whether somebody is here as the provider says, so that nothing has to be written for him to come in. */
const isAsSaid = (a: { subject: string | null; display: string; post: string }, v: Vouched, post: string) =>
  a.subject === v.subject && a.display === v.display && a.post === post

/** Lets in whom the provider vouches for: adds him, or gives him the name and post that he has there today. Returns his account. */
export const admitVouched = async (
  db: BooksReader,
  write: (act: (work: Work) => Promise<string>) => Promise<string>,
  vouched: Vouched,
  separate: boolean,
): Promise<string> => {
  const judged = async (reader: BooksReader) => {
    const account = await accountOf(reader, vouched)
    if (account?.active === 0) throw new Refusal('has-left')
    const post = await postOf(reader, vouched.groups, account?.post)
    if (separate && isTwoPowers(JSON.parse(post.roles_json) as Role[])) throw new Refusal('powers-mixed')
    return { account, post: post.id }
  }
  const { account, post } = await judged(db)
  if (account && isAsSaid(account, vouched, post)) return account.id
  const password = account ? '' : await hashedPassword(randomBytes(32).toString('base64url'))
  return write(async work => {
    // Judged again: somebody else may have been written meanwhile.
    const now = await judged(work.tx)
    const { subject, name, display } = vouched
    const id = now.account?.id ?? ulid()
    if (now.account) {
      await work.tx.updateTable('user_account').set({ display, post: now.post }).where('id', '=', id).execute()
      await work.tx.updateTable('provider_identity').set({ subject }).where('user_id', '=', id).execute()
      await mustKeepAnAdministrator(work)
    } else {
      await work.tx
        .insertInto('user_account')
        .values({ id, name, display, post: now.post, roles_json: '[]', password, active: 1 })
        .execute()
      await work.tx.insertInto('provider_identity').values({ user_id: id, subject }).execute()
    }
    work.touched.site = true
    const was = now.account && { display: now.account.display, post: now.account.post }
    await audit(work.tx, work.at, work.actor, 'person-vouched', name, { was: was ?? null, is: { display, post: now.post } })
    return id
  })
}

/** Whether a person comes by the provider: his account then waits for whoever has its name there, or lets go of him. */
export const setVouched = async (work: Work, id: string, on: boolean) => {
  const row = await accountsOf(work.tx).where('user_account.id', '=', id).executeTakeFirst()
  if (!row) throw new Refusal('unknown-person', 'id')
  if (Boolean(row.vouched) === on) return
  if (on) await work.tx.insertInto('provider_identity').values({ user_id: id, subject: null }).execute()
  else {
    await work.tx.deleteFrom('provider_identity').where('user_id', '=', id).execute()
    await work.tx.deleteFrom('session').where('user_id', '=', id).execute()
  }
  work.touched.site = true
  await audit(work.tx, work.at, work.actor, 'person-vouched', row.name, { on })
}
