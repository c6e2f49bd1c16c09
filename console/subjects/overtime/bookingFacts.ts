import { type BookingFacts, type Chain, chainOf, type Sight } from '#api/bookingPhase'
import type { Catalogue } from '#contract/profile'
import type { Site } from '#contract/site'
import type { BooksReader } from '../../server/books/books.ts'
import { didOf } from '../../server/engine/definition.ts'
import type { Mirror } from '../../server/mirror/mirror.ts'
import type { SiteRules } from '../../server/site/siteRules.ts'
import { signed } from './definition.ts'
import { overtimeStartLimit } from './settings.ts'

type Row = { state: string; zone: string; from_at: number; to_at: number; facts_json: string }

/** What the books know of how bookings go, at an instant: until when each should have begun, and since when its run is confirmed. */
export const bookingFacts = async <R extends Row>(
  db: BooksReader,
  rules: SiteRules,
  rows: readonly R[],
  at: number,
): Promise<(R & BookingFacts)[]> => {
  if (rows.length === 0) return []
  const limitMs = rules.ms(overtimeStartLimit) ?? 0
  const runs = await db
    .selectFrom('run_interval')
    .select(['zone', 'from_at', 'to_at'])
    .where('zone', 'in', [...new Set(rows.map(r => r.zone))])
    .where('from_at', '<', Math.max(...rows.map(r => r.to_at)))
    .where(e => e.or([e('to_at', 'is', null), e('to_at', '>', Math.min(...rows.map(r => r.from_at)))]))
    .execute()
  return rows.map(r => {
    const sign = didOf(JSON.parse(r.facts_json), signed)
    const confirmed = runs
      .filter(x => x.zone === r.zone && x.from_at < r.to_at && (x.to_at ?? at) > r.from_at)
      .map(x => Math.max(x.from_at, r.from_at))
      .filter(t => t <= at)
    return {
      ...r,
      from: r.from_at,
      to: r.to_at,
      startBy: Math.max(r.from_at, sign?.at ?? 0) + limitMs,
      confirmedAt: confirmed.length > 0 ? Math.min(...confirmed) : null,
    }
  })
}

/** The chains of all zones. */
export const zoneChains = (site: Site, profiles: Catalogue): ReadonlyMap<string, Chain> => {
  const devices = site.devices.map(d => ({ ...d, runs: profiles.get(d.profile)?.runs ?? null }))
  return new Map(site.zones.map(z => [z.id, chainOf(z.controller, devices)]))
}

/** The building as the agents say it is. */
export const sightOf = (mirror: Mirror): Sight => ({
  value: ref => mirror.value(ref),
  holders: ref => mirror.holders().find(h => h.point === ref),
  link(device) {
    const agent = mirror.agents.get(mirror.agentOf(device) ?? '')
    const link = agent?.links[device]
    return agent && { online: agent.online, ok: link?.ok ?? false }
  },
})
