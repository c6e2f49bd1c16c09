import { Refusal } from '#api/errors'
import type { ImportAnswer } from '#api/models/imports'
import type { Language } from '#api/words/languages'
import { hashedPassword, newPassword } from '../auth/accounts.ts'
import { addPerson, changePerson, staffIn } from '../auth/staff.ts'
import { audit } from '../books/audit.ts'
import type { BooksReader } from '../books/books.ts'
import type { UnitOfWork, Work } from '../books/unitOfWork.ts'
import { daysIn, setDays } from '../site/calendarDays.ts'
import type { Directory } from '../site/directory.ts'
import { daySheet } from './daySheet.ts'
import { type Change, type Line, type Plan, planImport, type SheetKind } from './importPlan.ts'
import { type Grid, readGrid } from './sheetFile.ts'
import { staffSheet } from './staffSheet.ts'
import { saveTenants, tenantFilesIn } from './tenantFiles.ts'
import { tenantSheet } from './tenantSheet.ts'

/** What can come in from a table, and go out as one. */
export const importKinds = ['people', 'tenants', 'days'] as const
export type ImportKind = (typeof importKinds)[number]

type Sheet = { kind: SheetKind; lines: readonly Line[]; template: readonly Line[] }
type Parts = { books: { read: BooksReader }; unit: UnitOfWork; directory: Directory }
type Passwords = ImportAnswer['passwords']
type NewOnes = readonly { name: string; password: string; hashed: string }[]

/** How each kind is read, and how what changes is stored. */
const kinds = (directory: Directory) => ({
  people: {
    open: async (db: BooksReader, language: Language) => staffSheet(await staffIn(db, Date.now()), language),
    async store(work: Work, language: Language, changes: readonly Change[], made: NewOnes) {
      const sheet = staffSheet(await staffIn(work.tx, Date.now()), language)
      for (const p of sheet.people(changes)) {
        if (p.id !== null) await changePerson(work, p.id, p)
        else await addPerson(work, p, made.find(m => m.name === p.name)?.hashed ?? '')
      }
    },
  },
  tenants: {
    open: async (db: BooksReader, language: Language) => tenantSheet(directory, await tenantFilesIn(db), language),
    async store(work: Work, language: Language, changes: readonly Change[]) {
      const stored = await tenantFilesIn(work.tx)
      const files = tenantSheet(directory, stored, language).files(changes)
      await saveTenants(work, directory, files, new Map(stored.map(f => [f.id, f])))
    },
  },
  days: {
    open: async (db: BooksReader, language: Language) => daySheet(await daysIn(db), language),
    async store(work: Work, language: Language, changes: readonly Change[]) {
      await setDays(work, daySheet([], language).days(changes))
    },
  },
})

/** Lists that come in from a table: shown first, stored as a whole when the same is asked for again, or not at all. */
export const openImports = ({ books, unit, directory }: Parts) => {
  const known = kinds(directory)
  const sheetOf = (kind: ImportKind, language: Language): Promise<Sheet> => known[kind].open(books.read, language)
  let busy = false

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

  const take = async (
    actor: Parameters<UnitOfWork>[0],
    { kind, grid, language, digest }: { kind: ImportKind; grid: Grid; language: Language; digest: string | undefined },
  ): Promise<ImportAnswer> => {
    const plan = planImport(grid, (await sheetOf(kind, language)).kind)
    if (digest === undefined) return { stored: false, preview: plan.preview, passwords: [] }
    if (plan.preview.counts.wrong > 0) throw new Refusal('import-wrong', 'file')
    const made = kind === 'people' ? await passwordsFor(plan) : []
    await unit(actor, async work => {
      // What stands in the books at this moment counts.
      const now = planImport(grid, (await known[kind].open(work.tx, language)).kind)
      if (now.preview.digest !== digest) throw new Refusal('import-changed', 'file')
      if (now.changes.length === 0) return
      await known[kind].store(work, language, now.changes, made)
      await audit(work.tx, work.at, work.actor, 'imported', kind, { ...now.preview.counts, digest })
    })
    const passwords: Passwords = made.map(({ name, password }) => ({
      ...{ name, password },
      display: plan.changes.find(c => c.values['name'] === name)?.values['display'] ?? '',
    }))
    return { stored: true, preview: planImport(grid, (await sheetOf(kind, language)).kind).preview, passwords }
  }

  return {
    sheetOf,
    /** Without the digest of a preview nothing is stored. One at a time: a table may be large. */
    async take(
      actor: Parameters<UnitOfWork>[0],
      { bytes, ...o }: { kind: ImportKind; bytes: Uint8Array; language: Language; digest: string | undefined },
    ): Promise<ImportAnswer> {
      if (busy) throw new Refusal('one-at-a-time', 'file')
      busy = true
      try {
        return await take(actor, { ...o, grid: await readGrid(bytes) })
      } finally {
        busy = false
      }
    },
  }
}
