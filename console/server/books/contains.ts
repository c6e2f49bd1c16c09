import { type RawBuilder, sql } from 'kysely'

/** Whether a text of the books has what somebody typed somewhere in it, letter by letter: what he typed is no pattern. */
export const contains = (text: RawBuilder<unknown>, typed: string) =>
  sql<boolean>`${text} like ${`%${typed.replace(/[%_\\]/g, c => `\\${c}`)}%`} escape '\\'`
