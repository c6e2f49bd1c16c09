import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readEnvironment } from '#program/environment'
import { sealsIn } from '#store/keptSeals'
import { openMoment } from '#store/openStore'
import { backupsIn, manifestOf } from './backup/makeBackup.ts'
import { booksIn } from './backup/manifest.ts'
import { faultText, type KeptSeal, proveBooks } from './books/chain/proveBooks.ts'
import type { Books } from './books/schema.ts'

/**
 * `npm run verify [-- BOOKS] [--seal N:HASH ...] [--agents FOLDER ...]`: holds the books, of a console that may be running, against
 * their chain, and the chain against every seal that was kept elsewhere: by agents, in backups, and on papers (`--seal`, as printed).
 * Exit code 1 where something is not as it was written, 2 where nothing could be looked at.
 */
const env = readEnvironment()

const readArguments = (args: readonly string[]) => {
  const papers: KeptSeal[] = []
  const folders = [join(env.ZHIBAN_DATA, 'edge-agent')]
  let file = booksIn(join(env.ZHIBAN_DATA, 'console'))
  for (let i = 0; i < args.length; i++) {
    const said = args[i] ?? ''
    if (said === '--agents') folders.push(args[++i] ?? '')
    else if (said === '--seal') {
      const [, n, hash] = /^(\d+):([0-9a-f]{8,64})$/.exec(args[++i] ?? '') ?? []
      if (!n || !hash) throw new Error(`--seal ${args[i] ?? ''}: write it as the paper has it, like 1234:0a1b2c3d4e5f6071`)
      papers.push({ n: Number(n), hash, at: null, by: 'paper' })
    } else if (said.startsWith('--')) throw new Error(`${said}: there is --seal N:HASH and --agents FOLDER`)
    else file = said
  }
  return { file, papers, folders }
}

/** Backups stand beside the books or elsewhere; one that cannot be read is told of by those who restore. */
const sealsOfBackups = (file: string): KeptSeal[] => {
  const places = new Set([env.backups, join(dirname(dirname(file)), 'backups')])
  return [...places].flatMap(place =>
    backupsIn(place).flatMap(name => {
      const seal = manifestOf(place, name)?.seal
      return seal ? [{ ...seal, by: `backup ${name}` }] : []
    }),
  )
}

const say = (line: string) => void process.stdout.write(`${line}\n`)
const clock = (at: number) => new Date(at).toISOString()

const main = async () => {
  const { file, papers, folders } = readArguments(process.argv.slice(2))
  if (!existsSync(file)) throw new Error(`${file}: there are no books here; set ZHIBAN_DATA, or name the file`)
  const kept: KeptSeal[] = [...papers, ...sealsOfBackups(file)]
  for (const folder of new Set(folders)) kept.push(...(await sealsIn(folder)))
  const { read, close } = await openMoment<Books>(file)
  const proof = await proveBooks(read, kept).finally(close)
  say(`${file}: ${proof.entries} entries of the chain, ${proof.rows} rows held against it`)
  say(`${proof.seals} of ${kept.length} seals that were kept elsewhere hold`)
  for (const { at, seals } of proof.setBack)
    say(`set back by a restore at ${clock(at)}: ${seals} seals are of what was lost by it`)
  for (const fault of proof.faults) say(`broken: ${faultText(fault)}`)
  if (proof.head) say(`sealed now: ${proof.head.n}:${proof.head.hash}`)
  if (proof.faults.length > 0) process.exitCode = 1
  else say('the books are as they were written')
}

await main().catch(error => {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exitCode = 2
})
