import { scenes } from './scenes.ts'
import { explore, tellFound } from './search.ts'

const [only = '', states] = process.argv.slice(2)
for (const s of scenes) {
  if (only && !only.split(',').includes(s.name)) continue
  const t = Date.now()
  process.stdout.write(`${tellFound(explore(s, states ? Number(states) : undefined))} ${Date.now() - t} ms\n`)
}
