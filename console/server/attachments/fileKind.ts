import type { AttachmentType } from '#api/models/cases'

const begins = (bytes: Buffer, at: number, text: string) => bytes.subarray(at, at + text.length).toString('latin1') === text

/** What is attached is told by its first bytes and not by what it is called. */
export const kindOfFile = (bytes: Buffer): AttachmentType | undefined => {
  if (bytes.length > 3 && bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'image/jpeg'
  if (begins(bytes, 0, '\x89PNG\r\n\x1a\n')) return 'image/png'
  if (begins(bytes, 0, 'RIFF') && begins(bytes, 8, 'WEBP')) return 'image/webp'
  if (begins(bytes, 0, '%PDF-')) return 'application/pdf'
  return undefined
}
