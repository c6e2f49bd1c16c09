import type { Suppression } from '#api/models/alarmLife'
import type { SiteRules } from '../../server/site/siteRules.ts'
import { outOfServiceMost, shelveMost } from './settings.ts'

/** For how long (ms) an alarm of this level may be out of sight at most; level 1 not at all. */
export const longest = (rules: SiteRules, kind: Suppression, level: number): number => {
  const most = shelveMost[level as keyof typeof shelveMost]
  if (most === undefined) return 0
  if (kind === 'out-of-service') return (rules.number(outOfServiceMost) ?? 0) * 3_600_000
  return rules.ms(most) ?? 0
}
