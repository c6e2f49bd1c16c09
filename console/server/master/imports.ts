import { Refusal } from '#api/errors'
import type { ImportAnswer, TableKind } from '#api/models/imports'
import type { Language } from '#api/words/languages'
import { hashedPassword, newPassword } from '../auth/accounts.ts'
import { type Actor, audit } from '../books/audit.ts'
import type { BooksReader } from '../books/books.ts'
import type { UnitOfWork } from '../books/unitOfWork.ts'
import type { Directory } from '../site/directory.ts'
import { type Plan, planImport } from './importPlan.ts'
import type { NewOnes, OpenSheet } from './sheet.ts'
import { type Grid, readGrid } from './sheetFile.ts'

type Parts = { books: { read: BooksReader }; unit: UnitOfWork; directory: Directory; wall(): number }
type Passwords = ImportAnswer['passwords']

/** Whoever is new gets a one-time password; it is made before the books are held, for that takes time. */
const passwordsFor = async (plan: Plan): Promise<NewOnes> => {
  const made: { name: string; password: string; hashed: string }[] = []
  for (const { values, standing } of plan.changes) {
    if (standing !== null) continue
    const password = newPassword()
    made.push({ name: values['name'] ?? '', password, hashed: await hashedPassword(password) })
  }
  return made
}

type Taking = { language: Language; digest: string | undefined }

/** A list that comes in from a table: shown first, stored as a whole when the same is asked for again, or not at all. */
export const openImport = ({ books, unit, directory, wall }: Parts, kind: TableKind, open: OpenSheet) => {
  const sheetOf = (language: Language, db: BooksReader = books.read) => open(db, language, { directory, at: wall() })
  let busy = false

  const take = async (actor: Actor, grid: Grid, { language, digest }: Taking): Promise<ImportAnswer> => {
    const sheet = await sheetOf(language)
    const plan = planImport(grid, sheet.kind)
    const { preview } = plan
    if (digest === undefined) return { stored: false, preview, passwords: [] }
    if (preview.counts.wrong > 0) throw new Refusal('import-wrong', 'file')
    if (preview.digest !== digest) throw new Refusal('import-changed', 'file')
    if (sheet.proves && !actor.proven) throw new Refusal('prove-again')
    const made = kind === 'people' ? await passwordsFor(plan) : []
    await unit(actor, async work => {
      // Nobody else writes from here on: what was planned holds if the books still say what it was planned by.
      if ((await sheetOf(language, work.tx)).state !== sheet.state) throw new Refusal('import-changed', 'file')
      if (plan.changes.length === 0) return
      await sheet.store(work, plan.changes, made)
      await audit(work.tx, work.at, work.actor, 'imported', kind, { ...preview.counts, digest })
    })
    const passwords: Passwords = made.map(({ name, password }) => ({
      ...{ name, password },
      display: plan.changes.find(c => c.values['name'] === name)?.values['display'] ?? '',
    }))
    return { stored: true, preview, passwords }
  }

  return {
    sheetOf,
    /** Without the digest of a preview nothing is stored. One at a time: a table may be large. */
    async take(actor: Actor, { bytes, ...o }: Taking & { bytes: Uint8Array }): Promise<ImportAnswer> {
      if (busy) throw new Refusal('one-at-a-time', 'file')
      busy = true
      try {
        return await take(actor, await readGrid(bytes), o)
      } finally {
        busy = false
      }
    },
  }
}
