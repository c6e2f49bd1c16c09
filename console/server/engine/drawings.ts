import { createHash } from 'node:crypto'
import { drawingStart } from '#api/drawing'
import type { BooksReader } from '../books/books.ts'
import type { Work } from '../books/unitOfWork.ts'
import type { Field, Form } from './field.ts'

/** What was said, with each drawn signature kept beside the record and named by its sum: lists and live pages carry no pictures. */
export const keepDrawings = async (
  work: Work,
  records: readonly string[],
  asks: readonly Field[] | undefined,
  said: Form,
): Promise<Form> => {
  const kept = { ...said }
  for (const { key, kind } of asks ?? []) {
    const sent = said[key]
    if (kind !== 'drawing' || typeof sent !== 'string') continue
    const png = sent.slice(drawingStart.length)
    const sha256 = createHash('sha256').update(Buffer.from(png, 'base64')).digest('hex')
    for (const record of records)
      await work.tx
        .insertInto('drawing')
        .values({ record, sha256, png, at: work.at })
        .onConflict(c => c.doNothing())
        .execute()
    kept[key] = sha256
  }
  return kept
}

/** The picture itself; undefined where there is none, or none any more. */
export const drawingOf = async (db: BooksReader, record: string, sha256: string): Promise<Buffer | undefined> => {
  const row = await db
    .selectFrom('drawing')
    .select('png')
    .where('record', '=', record)
    .where('sha256', '=', sha256)
    .executeTakeFirst()
  return row && Buffer.from(row.png, 'base64')
}
