import { consoleAgent } from '../kinds.ts'
import type { SiteParts } from './siteParts.ts'

const sections = ['floors', 'zones', 'units', 'agents', 'buses', 'devices', 'interlocks', 'suppressions', 'compartments'] as const

/** One name, one thing. */
export const checkIds = ({ site, say }: SiteParts) => {
  for (const section of sections) {
    const seen = new Map<string, number>()
    site[section].forEach((item, i) => {
      const first = seen.get(item.id)
      if (first === undefined) seen.set(item.id, i)
      else say([section, i, 'id'], `'${item.id}' is used twice (first as ${section}.${first}); choose another id`)
    })
  }
  site.agents.forEach((a, i) => {
    if (a.id === consoleAgent) say(['agents', i, 'id'], `'${consoleAgent}' is the console's own name on the wire; choose another`)
  })
}
