import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'

/** What a backup says of itself; it is written last, so that a folder without one is no backup. Times are ms since 1970. */
export const manifest = z.strictObject({
  site: z.string(),
  madeAt: z.number(),
  /** Of the file with the books. */
  sha256: z.string().length(64),
  entries: z.number().int(),
  records: z.number().int(),
  /** The last entry of its chain; backups of before the one chain have none. */
  seal: z.object({ n: z.number().int(), hash: z.string(), at: z.number() }).optional(),
  files: z.number().int(),
  /** Attachments that the books name and that were not on the disk. */
  missing: z.array(z.string()),
})
export type Manifest = z.infer<typeof manifest>

export const booksIn = (folder: string) => join(folder, 'books.db')
export const filesIn = (folder: string) => join(folder, 'files')
export const manifestIn = (folder: string) => join(folder, 'manifest.json')

/** Throws where there is none, or none that can be understood. */
export const readManifest = (folder: string): Manifest => {
  const file = manifestIn(folder)
  if (!existsSync(file)) throw new Error(`${folder} is no backup: there is no manifest.json in it`)
  const read = manifest.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (!read.success) throw new Error(`${file} cannot be understood: ${read.error.issues[0]?.path.join('.')}`)
  return read.data
}

/** A moment as folders are named by it. */
export const stampOf = (at: number) => new Date(at).toISOString().slice(0, 19).replaceAll(':', '-')

export const sha256Of = async (file: string): Promise<string> => {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}
