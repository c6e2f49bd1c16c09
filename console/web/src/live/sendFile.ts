import { Refused } from './api.ts'

/** Brings a photo, scan or document to where it belongs, and gives the answer of that route. Throws Refused. */
export const sendFile = async <Answer>(path: string, file: File): Promise<Answer> => {
  let answer: Response
  try {
    answer = await fetch(`${path}?${new URLSearchParams({ name: file.name })}`, {
      method: 'POST',
      headers: { 'content-type': file.type },
      body: file,
    })
  } catch {
    throw new Refused(0, 'offline')
  }
  const body = await answer.json()
  if (!answer.ok) throw new Refused(answer.status, body.error ?? 'internal', body.field, body.detail)
  return body
}
