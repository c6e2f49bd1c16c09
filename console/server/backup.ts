import { existsSync } from 'node:fs'
import { setPriority } from 'node:os'
import { join } from 'node:path'
import { readEnvironment } from '#program/environment'
import { readCatalogue, readSite } from '#program/siteFiles'
import { makeBackup, rotate } from './backup/makeBackup.ts'
import { booksIn } from './backup/manifest.ts'

/**
 * `npm run backup [-- FOLDER]`: a proved copy of the books and their attachments, of a console that may be running. Without FOLDER it
 * goes where the nightly ones go. ZHIBAN_BACKUPS_KEPT, set by the console's own nightly run: the oldest beyond so many go.
 */
const env = readEnvironment()
const into = process.argv[2] ?? env.backups
const console = join(env.ZHIBAN_DATA, 'console')
const keep = Number(process.env['ZHIBAN_BACKUPS_KEPT'] ?? 0)

const main = async () => {
  if (!existsSync(booksIn(console))) throw new Error(`${booksIn(console)}: there are no books here; set ZHIBAN_DATA`)
  // Whoever watches alarms goes first.
  setPriority(10)
  const { site } = readSite(env.ZHIBAN_SITE, readCatalogue(env.ZHIBAN_PROFILES))
  const { folder, manifest } = await makeBackup({ console, into, site, now: Date.now() })
  const { entries, records, files, missing } = manifest
  process.stdout.write(
    `${folder}: ${entries} entries of the chain, ${records} rows held against it, ${files} attachments; the chain is whole\n`,
  )
  if (missing.length > 0) process.stdout.write(`not on the disk, and so not in the backup: ${missing.join(', ')}\n`)
  if (keep > 0) for (const gone of rotate(into, keep)) process.stdout.write(`taken away: ${gone}\n`)
  if (missing.length > 0) process.exitCode = 3
}

await main().catch(error => {
  process.stderr.write(`no backup was made: ${(error as Error).message}\n`)
  process.exitCode = 2
})
