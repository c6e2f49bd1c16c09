import { linkagesOf } from '#contract/site'
import type { BooksReader } from '../../server/books/books.ts'
import type { Stretch } from '../../server/domain/intervals.ts'
import type { Directory } from '../../server/site/directory.ts'
import type { MissedReason } from './arithmetic/missedTime.ts'

/** A run that ended so was not stopped: from then on nothing was known of it. */
const lostSight = ['unverified', 'restart']

/** What the books know of a zone in a stretch that explains why it did not run: fires, faults, and links that were silent. */
export const missedCauses = async (
  db: BooksReader,
  directory: Directory,
  zone: string,
  s: Stretch,
  runs: readonly (Stretch & { why: string })[],
): Promise<(Stretch & { why: MissedReason })[]> => {
  const { site } = directory
  const controller = site.zones.find(z => z.id === zone)?.controller ?? ''
  const chain = site.devices.filter(d => d.id === controller || d.feeds.includes(controller))
  const ids = new Set(chain.map(d => d.id))
  const compartments = site.compartments
    .filter(c => c.zones.includes(zone) || linkagesOf(site, c).some(l => ids.has(l.device)))
    .map(c => c.id)
  const buses = site.buses.filter(b => chain.some(d => d.bus === b.id))
  const silent = [...[...ids, ...buses.map(b => b.id)].map(id => `link/${id}`), ...buses.map(b => `agent/${b.agent}`)]
  const [fires, alarms] = await Promise.all([
    db
      .selectFrom('compartment_event')
      .select(['met_at', 'released_at'])
      .where('compartment', 'in', compartments)
      .where('met_at', '<', s.to)
      .where(e => e.or([e('released_at', 'is', null), e('released_at', '>', s.from)]))
      .execute(),
    db
      .selectFrom('alarm')
      .select(['key', 'raised_at', 'returned_at'])
      .where(e => e.or([e('key', 'in', silent), e.and([e('device', 'in', [...ids]), e('kind', 'in', ['equipment', 'fault'])])]))
      .where('raised_at', '<', s.to)
      .where(e => e.or([e('returned_at', 'is', null), e('returned_at', '>', s.from)]))
      .execute(),
  ])
  const lost = runs.flatMap((r, i) =>
    lostSight.includes(r.why) ? [{ why: 'silence' as const, from: r.to, to: runs[i + 1]?.from ?? s.to }] : [],
  )
  return [
    ...fires.map(f => ({ why: 'fire' as const, from: f.met_at, to: f.released_at ?? s.to })),
    ...alarms.map(a => ({
      why: silent.includes(a.key) ? ('silence' as const) : ('fault' as const),
      from: a.raised_at,
      to: a.returned_at ?? s.to,
    })),
    ...lost,
  ]
}
