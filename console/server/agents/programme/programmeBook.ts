import type { Programme } from '#contract/programme'
import type { BooksStore } from '../../books/books.ts'
import type { Around } from '../../engine/chapter.ts'
import { hashOf, programmeDocument } from './programmeDocument.ts'

/** Keeps the newest revision of the programme on disk and says what each agent should be running. */
export const openProgrammeBook = async (books: BooksStore, around: Pick<Around, 'directory' | 'manual'>, wall: () => number) => {
  let current: Programme | undefined
  const last = await books.read
    .selectFrom('programme_revision')
    .selectAll()
    .orderBy('revision', 'desc')
    .limit(1)
    .executeTakeFirst()
  let hash = last?.hash
  if (last) current = JSON.parse(last.body_json) as Programme

  /** A new revision when the document changed, or when an agent runs a later one than we remember (restored backup). */
  const renew = async (atLeast = 0): Promise<boolean> => {
    const made = await books.write(async tx => {
      const document = await programmeDocument(tx, around, wall())
      const nextHash = hashOf(document)
      if (nextHash === hash && current && current.revision >= atLeast) return undefined
      const revision = Math.max(current?.revision ?? 0, atLeast) + 1
      const next: Programme = { revision, madeAt: wall(), ...document }
      await tx
        .insertInto('programme_revision')
        .values({ revision, at: next.madeAt, hash: nextHash, body_json: JSON.stringify(next) })
        .execute()
      // The last thousand tell what was in force when; older ones no longer explain anything that is still open.
      await tx
        .deleteFrom('programme_revision')
        .where('revision', '<', revision - 1000)
        .execute()
      return { next, nextHash }
    })
    if (!made) return false
    current = made.next
    hash = made.nextHash
    return true
  }
  await renew()
  return {
    renew,
    get current() {
      return current as Programme
    },
  }
}
export type ProgrammeBook = Awaited<ReturnType<typeof openProgrammeBook>>
