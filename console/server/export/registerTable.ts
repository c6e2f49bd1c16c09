import type { RegisterEntry } from '#api/models/registers'
import { dictionaryOf, type Language } from '#api/words/languages'
import { textIn } from '#api/words/text'
import type { Register } from '../engine/registers/register.ts'
import type { Directory } from '../site/directory.ts'
import type { Cell } from './csv.ts'
import { fieldCell } from './fieldCell.ts'
import type { SheetTable } from './xlsx.ts'

/** A register's entries as its printed sheet has them, with who read and checked each. */
export const registerTable = (
  register: Register,
  entries: readonly RegisterEntry[],
  /** Numbers of the entries that are put right, by their ids. */
  corrected: ReadonlyMap<string, string>,
  directory: Directory,
  language: Language,
): SheetTable => {
  const { cases, call } = dictionaryOf(language).messages
  const moment = (at: number | null): Cell => (at === null ? '' : { date: directory.calendar.momentOf(at) })
  const signed = (by: string | null, at: number | null): Cell[] => [by ?? '', moment(at)]
  const read = register.reads.length > 0
  const check = register.checks.length > 0
  const { life } = register
  const asks = life?.closes.asks ?? []
  return {
    title: textIn(language, register.name),
    columns: [
      cases.number,
      call.at,
      call.by,
      ...register.fields.map(f => textIn(language, f.label)),
      call.correctsColumn,
      ...(life ? [call.due, textIn(language, life.closed), call.closedBy, ...asks.map(f => textIn(language, f.label))] : []),
      ...(read ? [call.read, call.readAt] : []),
      ...(check ? [call.check, call.checkedAt] : []),
    ],
    rows: entries.map(e => [
      e.number,
      { date: directory.calendar.momentOf(e.at) },
      e.by,
      ...register.fields.map(f => fieldCell(f, e.form[f.key], directory, language)),
      e.corrects === null ? '' : (corrected.get(e.corrects) ?? ''),
      ...(life
        ? [
            moment(e.dueAt),
            e.correctedBy ? call.corrected(e.correctedBy) : moment(e.closedAt),
            e.correctedBy ? '' : (e.closedBy ?? ''),
            ...asks.map(f => fieldCell(f, e.closing[f.key], directory, language)),
          ]
        : []),
      ...(read ? signed(e.readBy, e.readAt) : []),
      ...(check ? signed(e.checkedBy, e.checkedAt) : []),
    ]),
  }
}
