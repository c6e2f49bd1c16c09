import { Refusal } from '#api/errors'
import type { ImportAnswer } from '#api/models/imports'
import type { Language } from '#api/words/languages'
import { hashedPassword, newPassword } from '../auth/accounts.ts'
import { addPerson, changePerson, staffIn } from '../auth/staff.ts'
import { type Actor, audit } from '../books/audit.ts'
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

type Parts = { books: { read: BooksReader }; unit: UnitOfWork; directory: Directory }
type Passwords = ImportAnswer['passwords']
type NewOnes = readonly { name: string; password: string; hashed: string }[]
/** A kind of table beside what stands in the books. */
type Sheet = {
  kind: SheetKind
  lines: readonly Line[]
  template: readonly Line[]
  /** What stands there, to be held against what stands there later. */
  state: string
  store(work: Work, changes: readonly Change[], made: NewOnes): Promise<void>
}

const openStaff = async (db: BooksReader, language: Language): Promise<Sheet> => {
  const staff = await staffIn(db, Date.now())
  const sheet = staffSheet(staff, language)
  return {
    ...sheet,
    // Who is signed in is nothing that a table changes.
    state: JSON.stringify([sheet.lines, staff.posts]),
    async store(work, changes, made) {
      for (const p of sheet.people(changes)) {
        if (p.id !== null) await changePerson(work, p.id, p)
        else await addPerson(work, p, made.find(m => m.name === p.name)?.hashed ?? '')
      }
    },
  }
}
const openTenants = async (db: BooksReader, language: Language, directory: Directory): Promise<Sheet> => {
  const stored = await tenantFilesIn(db)
  const sheet = tenantSheet(directory, stored, language)
  return {
    ...sheet,
    state: JSON.stringify(stored),
    store: (work, changes) => saveTenants(work, directory, sheet.files(changes), new Map(stored.map(f => [f.id, f]))),
  }
}
const openDays = async (db: BooksReader, language: Language): Promise<Sheet> => {
  const stored = await daysIn(db)
  const sheet = daySheet(stored, language)
  return { ...sheet, state: JSON.stringify(stored), store: (work, changes) => setDays(work, sheet.days(changes)) }
}
const sheets = { people: openStaff, tenants: openTenants, days: openDays } satisfies Record<ImportKind, unknown>

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

type Taking = { kind: ImportKind; language: Language; digest: string | undefined }

/** Lists that come in from a table: shown first, stored as a whole when the same is asked for again, or not at all. */
export const openImports = ({ books, unit, directory }: Parts) => {
  const sheetOf = (kind: ImportKind, language: Language, db: BooksReader = books.read) => sheets[kind](db, language, directory)
  let busy = false

  const take = async (actor: Actor, grid: Grid, { kind, language, digest }: Taking): Promise<ImportAnswer> => {
    const sheet = await sheetOf(kind, language)
    const plan = planImport(grid, sheet.kind)
    const { preview } = plan
    if (digest === undefined) return { stored: false, preview, passwords: [] }
    if (preview.counts.wrong > 0) throw new Refusal('import-wrong', 'file')
    if (preview.digest !== digest) throw new Refusal('import-changed', 'file')
    const made = kind === 'people' ? await passwordsFor(plan) : []
    await unit(actor, async work => {
      // Nobody else writes from here on: what was planned holds if the books still say what it was planned by.
      if ((await sheetOf(kind, language, work.tx)).state !== sheet.state) throw new Refusal('import-changed', 'file')
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
