import { Refusal } from '#api/errors'
import type { Role } from '#api/rights'
import type { Words } from '#contract/names'
import type { BooksReader } from './books.ts'
import { wordsIn } from './words.ts'

/** Somebody by his account, and by the name that he has now. */
export type Someone = { id: string; display: string }

/** A name as people write it: 李娜, or 李娜 (lina) where two accounts have that name. */
export const writtenName = (row: { display: string; name: string; shared: unknown }): string =>
  row.shared ? `${row.display} (${row.name})` : row.display

/** Accounts with the names of their posts; `shared`: somebody else has that name too. */
export const accountsIn = (db: BooksReader) =>
  db
    .selectFrom('user_account')
    .leftJoin('post', 'post.id', 'user_account.post')
    .selectAll('user_account')
    .select(['post.name_json', 'post.roles_json as post_roles'])
    .select(e =>
      e
        .exists(
          e
            .selectFrom('user_account as other')
            .select('other.id')
            .whereRef('other.display', '=', 'user_account.display')
            .whereRef('other.id', '!=', 'user_account.id'),
        )
        .as('shared'),
    )

/** The name of the post of an account; what was written down for it where the site has no such post. */
export const postName = (row: { post: string; name_json: string | null }): Words =>
  row.name_json === null ? { zh: row.post, en: row.post } : wordsIn(row.name_json)

/** The roles of an account: those of its post, or its own where the site has no such post. */
export const rolesOf = (row: { post_roles: string | null; roles_json: string }): Role[] =>
  JSON.parse(row.post_roles ?? row.roles_json)

/** The names of today of those who have an account, by its id. */
export const namesNow = async (db: BooksReader, ids: readonly (string | null)[]): Promise<ReadonlyMap<string, string>> => {
  const known = [...new Set(ids)].filter(id => id !== null)
  if (known.length === 0) return new Map()
  const rows = await accountsIn(db).where('user_account.id', 'in', known).execute()
  return new Map(rows.map(r => [r.id, writtenName(r)]))
}

/** Rows of a list that is looked at, not of a history: whoever has an account stands there as he is called today. */
export const withNamesNow = async <R extends { person: string; person_id: string | null }>(
  db: BooksReader,
  rows: readonly R[],
): Promise<R[]> => {
  const names = await namesNow(
    db,
    rows.map(r => r.person_id),
  )
  return rows.map(r => ({ ...r, person: (r.person_id !== null && names.get(r.person_id)) || r.person }))
}

/** Whether somebody did what stands with an account, or, from before there were any, with a name alone. */
export const isSame = (who: Someone, did: { id: string | null | undefined; name: string | null | undefined }): boolean =>
  did.id ? did.id === who.id : did.name === who.display

/** The account behind a name as people write it: 李娜, or 李娜 (lina) where two have that name; null where nobody has it. */
export const accountOf = async (db: BooksReader, written: string, field: string): Promise<string | null> => {
  const named = await db.selectFrom('user_account').select('id').where('display', '=', written).execute()
  if (named.length > 1) throw new Refusal('which-of-them', field)
  if (named[0]) return named[0].id
  const [, display, name] = /^(.+) \(([^()]+)\)$/.exec(written) ?? []
  if (display === undefined || name === undefined) return null
  const account = db.selectFrom('user_account').select('id').where('display', '=', display).where('name', '=', name)
  return (await account.executeTakeFirst())?.id ?? null
}
