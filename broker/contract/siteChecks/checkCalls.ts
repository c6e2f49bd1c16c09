import type { SiteParts } from './siteParts.ts'

/** One chain a level, its steps in time, each by channels that are there. */
export const checkCalls = ({ site: { calls, channels }, say, isKnown }: SiteParts) => {
  channels.forEach((c, i) => {
    if (channels.findIndex(x => x.id === c.id) < i) say(['channels', i, 'id'], `'${c.id}' is used twice; choose another id`)
  })
  calls.forEach(({ level, chain }, i) => {
    if (calls.findIndex(c => c.level === level) < i) say(['calls', i, 'level'], `a chain for level ${level} stands already`)
    chain.forEach(({ afterS, by }, k) => {
      const before = chain[k - 1]?.afterS
      if (before !== undefined && afterS <= before)
        say(['calls', i, 'chain', k, 'afterS'], `comes after ${before} s; let each step be later than the one before`)
      by.forEach((id, n) => {
        if (!isKnown('channels', id)) say(['calls', i, 'chain', k, 'by', n], `there is no channel '${id}'`)
      })
    })
  })
}
