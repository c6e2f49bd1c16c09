import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'
import { Refusal } from '#api/errors'
import { kindOfFile } from '../attachments/fileKind.ts'
import { withoutPlace } from '../attachments/withoutPlace.ts'
import type { Desk } from '../desk/desk.ts'

type Kept = { name: string; type: string; bytes: number; sha256: string }

/**
 * A file that somebody brings: told by its content, on the disk before a row names it, and, as an older one of the same content may have
 * been erased meanwhile, once more after it.
 */
export const keepFile = async (desk: Desk, name: string, sent: Uint8Array, store: (file: Kept) => Promise<unknown>) => {
  const brought = Buffer.from(sent.buffer, sent.byteOffset, sent.byteLength)
  const type = kindOfFile(brought)
  if (!type) throw new Refusal('not-that-kind', 'file')
  const bytes = withoutPlace(type, brought)
  await store({ name, type, bytes: bytes.length, sha256: await desk.files.keep(bytes) })
  await desk.files.keep(bytes)
}

/** A file that is kept, and in the audit of whose it is. What people bring is shown as what it was found to be, and can run nothing. */
export const sendFile = async (
  desk: Desk,
  response: Response,
  file: { name: string; type: string; sha256: string },
  about: string,
): Promise<void> => {
  if (!desk.files.has(file.sha256)) throw new Refusal('file-missing', 'id')
  response.locals['about'] = about
  response
    .setHeader('content-security-policy', "default-src 'none'; sandbox")
    .setHeader('x-content-type-options', 'nosniff')
    .setHeader(
      'content-disposition',
      `${file.type.startsWith('image/') ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    )
    .type(file.type)
  await pipeline(desk.files.read(file.sha256), response)
}
