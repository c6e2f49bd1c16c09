import type { Language } from '#api/words/languages'
import type { BooksReader } from '../books/books.ts'
import type { Work } from '../books/unitOfWork.ts'
import type { Directory } from '../site/directory.ts'
import type { Change, Line, SheetKind } from './importPlan.ts'

/** Whoever is new to the staff, with the one-time password that was made for him. */
export type NewOnes = readonly { name: string; password: string; hashed: string }[]

/** A kind of table beside what stands in the books. */
export type Sheet = {
  kind: SheetKind
  lines: readonly Line[]
  template: readonly Line[]
  /** What stands there, to be held against what stands there later. */
  state: string
  /** Whoever stores it shows again that it is he. */
  proves?: true
  store(work: Work, changes: readonly Change[], made: NewOnes): Promise<void>
}
/** `at`: the instant that it is opened for, ms since 1970. */
export type OpenSheet = (db: BooksReader, language: Language, o: { directory: Directory; at: number }) => Promise<Sheet>
