import type { CaseHead } from '#api/models/cases'
import { codes } from '#api/words/languages'
import { type Text, textIn } from '#api/words/text'
import type { Work } from '../../books/unitOfWork.ts'
import { indexRecord } from '../../search/searchBook.ts'
import type { Directory } from '../../site/directory.ts'
import type { Procedure } from '../definition.ts'

/**
 * A case by its number, what was written in its form, its place and its tenant in every language; not by fields that only
 * some roles see, or others would learn of them by finding it.
 */
export const indexCase = async (
  work: Work,
  directory: Directory,
  procedure: Procedure,
  head: CaseHead,
  tenant: string | undefined,
): Promise<void> => {
  const place = directory.placeName(head.place)
  const written = procedure.fields
    .filter(f => !f.sees)
    .flatMap(f => {
      const v = head.form[f.key]
      // Several: places by their names; nobody looks for the others.
      if (Array.isArray(v)) return f.kind === 'unit' ? v.flatMap(place => Object.values(directory.placeName(place) ?? {})) : []
      return typeof v === 'string' ? [v] : typeof v === 'object' && v !== null ? codes.map(c => textIn(c, v as Text)) : []
    })
  const words = [...written, ...(head.place === null ? [] : Object.values(place)), tenant, head.owner]
  await indexRecord(work, { record: head.id, kind: head.procedure, number: head.number, at: head.openedAt, words })
}
