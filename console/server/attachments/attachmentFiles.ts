import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Files beside the database, named by their content: the same photo twice is one file, and a changed one is another. */
export const openAttachmentFiles = (folder: string) => {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const pathOf = (sha256: string) => join(folder, sha256)
  return {
    /** On the disk when it resolves, before any row speaks of it. Returns the SHA-256. */
    async keep(bytes: Buffer): Promise<string> {
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      if (existsSync(pathOf(sha256))) return sha256
      const part = join(folder, `.${randomBytes(8).toString('hex')}`)
      const file = await open(part, 'w', 0o600)
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(part, pathOf(sha256))
      return sha256
    },
    /** Gone when it resolves, also when it was gone already. */
    remove: (sha256: string) => rm(pathOf(sha256), { force: true }),
    read: (sha256: string) => createReadStream(pathOf(sha256)),
    has: (sha256: string) => existsSync(pathOf(sha256)),
  }
}
export type AttachmentFiles = ReturnType<typeof openAttachmentFiles>
