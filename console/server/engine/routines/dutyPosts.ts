import { Refusal } from '#api/errors'
import type { Role } from '#api/rights'
import type { Words } from '#contract/names'
import { type Addressee, addressed } from '../../books/addressee.ts'
import { audit } from '../../books/audit.ts'
import type { BooksReader } from '../../books/books.ts'
import { writeHistory } from '../../books/history.ts'
import type { Work } from '../../books/unitOfWork.ts'
import { wordsIn } from '../../books/words.ts'
import type { Routine } from './routine.ts'

export type Post = { id: string; name: Words; roles: readonly Role[] }

/** Posts are site data (design §6): the site names those that owe a duty; where it names none, all that carry its role do. */
export class DutyPosts {
  readonly #posts: readonly Post[]
  readonly #named: readonly { routine: string; post: string }[]

  private constructor(posts: readonly Post[], named: readonly { routine: string; post: string }[]) {
    this.#posts = posts
    this.#named = named
  }

  static async read(db: BooksReader): Promise<DutyPosts> {
    const [posts, named] = await Promise.all([
      db.selectFrom('post').selectAll().execute(),
      db.selectFrom('duty_post').selectAll().execute(),
    ])
    return new DutyPosts(
      posts.map(p => ({ id: p.id, name: wordsIn(p.name_json), roles: JSON.parse(p.roles_json) as Role[] })),
      named,
    )
  }

  /** Those that could owe it. */
  able(routine: Routine): readonly Post[] {
    return this.#posts.filter(p => p.roles.includes(routine.owes))
  }

  /** Those that the site has named for it; a post that has lost the role is no longer one of them. */
  named(routine: Routine): readonly Post[] {
    return this.able(routine).filter(p => this.#named.some(n => n.routine === routine.id && n.post === p.id))
  }

  owing(routine: Routine): readonly Post[] {
    const named = this.named(routine)
    return named.length > 0 ? named : this.able(routine)
  }

  /** Who hears of it: the posts named, or whoever has the role; so also on sites without posts. */
  addressees(routine: Routine): readonly Addressee[] {
    const named = this.named(routine)
    return named.length > 0 ? named.map(p => `post:${p.id}` as const) : [routine.owes]
  }

  /** Whether it stands on somebody's day. */
  owes(routine: Routine, who: { id: string; postId: string; roles: readonly Role[] }): boolean {
    const theirs = this.addressees(routine)
    return addressed(who).some(a => theirs.includes(a))
  }
}

/** Names the posts that owe a duty from now on, none for all that carry its role; with its reason in the history. */
export const nameDutyPosts = async (work: Work, routine: Routine, posts: readonly string[], why: string): Promise<void> => {
  const book = await DutyPosts.read(work.tx)
  const able = new Set(book.able(routine).map(p => p.id))
  const unable = posts.find(p => !able.has(p))
  if (unable !== undefined) throw new Refusal('post-cannot', 'posts', { post: unable })
  const before = book.named(routine).map(p => p.id)
  await work.tx.deleteFrom('duty_post').where('routine', '=', routine.id).execute()
  for (const post of new Set(posts)) await work.tx.insertInto('duty_post').values({ routine: routine.id, post }).execute()
  await writeHistory(work, { record: `routine/${routine.id}`, verb: 'set', note: why, detail: { before, posts } })
  await audit(work.tx, work.at, work.actor, 'duty-posts', routine.id, { before, posts })
  work.touched.duties = true
}
