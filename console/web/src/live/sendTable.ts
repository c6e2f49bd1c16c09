import { type ImportAnswer, sheetTypes } from '#api/models/imports'
import { Refused } from './api.ts'

/** A table may take longer than a question. */
const limitMs = 60_000

/** Brings a table to the console; with the digest of a preview it is stored. Throws Refused. */
export const sendTable = async (
  kind: 'people' | 'tenants' | 'days',
  file: File,
  query: { language: string; digest?: string },
): Promise<ImportAnswer> => {
  const [excel, csv] = sheetTypes
  let answer: Response
  try {
    answer = await fetch(`/api/tables/${kind}?${new URLSearchParams(query)}`, {
      method: 'POST',
      headers: { 'content-type': /\.csv$/i.test(file.name) ? csv : excel },
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
