import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readEnvironment } from '#program/environment'
import { openReader } from '#store/openStore'
import { proveHistory } from './books/historyProof.ts'
import type { Books } from './books/schema.ts'

/** `npm run verify:history [-- FILE]`: proves every chain of the books and names the first broken link; exit code 1 then. */
const file = process.argv[2] ?? join(readEnvironment().ZHIBAN_DATA, 'console', 'books.db')
if (!existsSync(file)) {
  process.stdout.write(`${file}: there are no books here\n`)
  process.exit(2)
}
const { read, close } = await openReader<Books>(file)
const { records, entries, broken } = await proveHistory(read)
await close()
process.stdout.write(`${file}: ${entries} entries of ${records} records\n`)
if (broken) process.stdout.write(`broken: record ${broken.record} entry ${broken.n}: ${broken.why}\n`)
else process.stdout.write('the chain is whole\n')
process.exitCode = broken ? 1 : 0
