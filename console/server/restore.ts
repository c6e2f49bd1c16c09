import { join } from 'node:path'
import { readEnvironment } from '#program/environment'
import { restoreBackup } from './backup/restoreBackup.ts'

/** `npm run restore -- BACKUP [--replace]`: puts a backup in the place of the books, starts them, proves them, and says what is missing since. */
const [backup, ...said] = process.argv.slice(2)
const replace = said.includes('--replace')
const folder = join(readEnvironment().ZHIBAN_DATA, 'console')
const clock = (at: number) => new Date(at).toISOString()

const main = async (from: string) => {
  const { manifest, entries, lost, kept } = await restoreBackup({ backup: from, console: folder, replace, now: Date.now() })
  process.stdout.write(`${folder}: ${entries} entries of the chain, as of ${clock(manifest.madeAt)}; the chain is whole\n`)
  if (lost && lost.entries > 0)
    process.stdout.write(
      `not in this backup: ${lost.entries} entries of ${lost.records} records, from ${clock(lost.from)} to ${clock(lost.to)}\n`,
    )
  else if (lost) process.stdout.write('nothing was newer than this backup\n')
  if (kept) process.stdout.write(`the books that were here are kept in ${kept}\n`)
  if (manifest.missing.length > 0) process.stdout.write(`attachments that were missing already: ${manifest.missing.length}\n`)
}

if (!backup || backup.startsWith('--')) {
  process.stderr.write('usage: npm run restore -- BACKUP [--replace]\n')
  process.exitCode = 2
} else
  await main(backup).catch(error => {
    process.stderr.write(`nothing was restored: ${(error as Error).message}\n`)
    process.exitCode = 2
  })
