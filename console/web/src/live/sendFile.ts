import { upload } from './upload.ts'

/** Brings a photo, scan or document to where it belongs, and gives the answer of that route. Throws Refused. */
export const sendFile = <Answer>(path: string, file: File): Promise<Answer> =>
  upload(path, { name: file.name }, { headers: { 'content-type': file.type }, body: file })
