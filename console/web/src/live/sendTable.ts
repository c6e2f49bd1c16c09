import { type ImportAnswer, sheetTypes, type TableKind } from '#api/models/imports'
import { proofHeaders, proving } from './api.ts'
import { upload } from './upload.ts'

/** A table may take longer than a question. */
const limitMs = 60_000

type Query = { language: string; digest?: string }

/** Brings a table to the console; with the digest of a preview it is stored. Throws Refused. */
export const sendTable = (kind: TableKind, file: File, query: Query): Promise<ImportAnswer> =>
  proving(async secret => {
    const [excel, csv] = sheetTypes
    return upload(`/tables/${kind}`, query, {
      headers: { 'content-type': /\.csv$/i.test(file.name) ? csv : excel, ...proofHeaders(secret) },
      body: await file.arrayBuffer(),
      signal: AbortSignal.timeout(limitMs),
    })
  })
