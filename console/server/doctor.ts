import { readEnvironment } from '#program/environment'
import { examine } from './installation.ts'

/** `npm run doctor`: says what is wrong with this installation and what to do; exit code 1 then. */
const main = async () => {
  const found = await examine(readEnvironment())
  for (const { what, ok, said } of found) process.stdout.write(`${ok ? 'good ' : 'WRONG'} ${what}: ${said}\n`)
  if (found.some(f => !f.ok)) process.exitCode = 1
}

await main().catch(error => {
  process.stdout.write(`WRONG settings: ${(error as Error).message}\n`)
  process.exitCode = 1
})
