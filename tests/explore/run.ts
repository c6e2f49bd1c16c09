import { allKnown } from './known.ts'
import { scenes } from './scenes.ts'
import { explore, tellFound } from './search.ts'

const [only = '', states, without = ''] = process.argv.slice(2)
const known = new Set([...allKnown].filter(k => !without.split(',').includes(k)))
for (const s of scenes) {
  if (only && !only.split(',').includes(s.name)) continue
  const t = Date.now()
  process.stdout.write(`${tellFound(explore(s, known, states ? Number(states) : undefined))} ${Date.now() - t} ms\n`)
}
