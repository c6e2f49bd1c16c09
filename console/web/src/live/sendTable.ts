import { type ImportAnswer, type ImportKind, sheetTypes } from '#api/models/imports'
import { proofHeaders, proving, Refused } from './api.ts'

/** A table may take longer than a question. */
const limitMs = 60_000

type Query = { language: string; digest?: string }

/** Brings a table to the console; with the digest of a preview it is stored. Throws Refused. */
export const sendTable = (kind: ImportKind, file: File, query: Query): Promise<ImportAnswer> =>
  proving(secret => send(kind, file, query, secret))

const send = async (kind: ImportKind, file: File, query: Query, secret: string | undefined): Promise<ImportAnswer> => {
  const [excel, csv] = sheetTypes
  let answer: Response
  try {
    answer = await fetch(`/api/tables/${kind}?${new URLSearchParams(query)}`, {
      method: 'POST',
      headers: { 'content-type': /\.csv$/i.test(file.name) ? csv : excel, ...proofHeaders(secret) },
      body: await file.arrayBuffer(),
      signal: AbortSignal.timeout(limitMs),
    })
  } catch {
    throw new Refused(0, 'offline')
  }
  const body = await answer.json()
  if (!answer.ok) throw new Refused(answer.status, body.error ?? 'internal', body.field, body.detail)
  return body
}
