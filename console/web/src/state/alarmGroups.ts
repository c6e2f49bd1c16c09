import type { Alarm } from '#api/models/live'
import type { SiteView } from '#api/models/site'
import { byUrgency } from './alarmOrder.ts'

/** What alarms of a flood come from: agents or a bus that are lost, a case (a compartment on fire), a piece of plant. */
export type Root = { kind: 'agents' | 'bus' | 'case' | 'device'; id: string }
export type AlarmGroup = {
  id: string
  root: Root
  /** First-out: the one that came first. */
  first: Alarm
  /** By urgency. */
  alarms: readonly Alarm[]
  level: number
  stand: number
  unacked: number
}
export type Grouped = { pinned: readonly Alarm[]; groups: readonly AlarmGroup[]; rest: readonly Alarm[] }

/** What is lost tells of itself a moment before or after what it takes along. */
const aroundMs = 15_000
const faults: ReadonlySet<Alarm['kind']> = new Set(['equipment', 'fault', 'link'])

type Plant = Pick<SiteView, 'devices'>

/** The devices that feed one, the nearest first. */
const upstreamOf = (site: Plant) => {
  const feeders = new Map<string, string[]>()
  for (const d of site.devices) for (const fed of d.feeds) feeders.set(fed, [...(feeders.get(fed) ?? []), d.id])
  return (device: string): string[] => {
    const chain: string[] = []
    for (
      let next = feeders.get(device) ?? [];
      next.length > 0;
      next = next.flatMap(d => feeders.get(d) ?? []).filter(d => !chain.includes(d))
    )
      chain.push(...next)
    return chain
  }
}

/**
 * The alarms of a flood by their roots: level 1 stands by itself on top, never in a group. An agent or a bus that was lost explains what came
 * while it was, and what cannot be verified because of it; a case what belongs to it; plant what it feeds. What nothing explains is the rest.
 */
export const groupByRoot = (alarms: Iterable<Alarm>, site: Plant): Grouped => {
  const all = [...alarms].sort(byUrgency)
  const pinned = all.filter(a => a.level === 1)
  const others = all.filter(a => a.level > 1)
  const losses = others.filter(a => a.key.startsWith('agent/'))
  const links = new Map(others.filter(a => a.key.startsWith('link/')).map(a => [a.key.slice(5), a]))
  const faulty = new Map<string, number>()
  for (const a of others)
    if (a.device !== null && faults.has(a.kind))
      faulty.set(a.device, Math.min(a.raisedAt, faulty.get(a.device) ?? Number.POSITIVE_INFINITY))
  const cases = new Map<string, number>()
  for (const a of all) if (a.ticket !== null) cases.set(a.ticket, (cases.get(a.ticket) ?? 0) + 1)
  const busOf = new Map(site.devices.map(d => [d.id, d.bus]))
  const upstream = upstreamOf(site)

  const cameWith = (a: Alarm, loss: Alarm) =>
    a.unverifiedSince !== null ||
    (a.kind === 'link' &&
      a.raisedAt >= loss.raisedAt - aroundMs &&
      a.raisedAt <= (loss.returnedAt ?? Number.POSITIVE_INFINITY) + aroundMs)
  const rootOf = (a: Alarm): Root | undefined => {
    if (losses.some(l => l === a || (l.key === `agent/${a.source}` && cameWith(a, l)))) return { kind: 'agents', id: '' }
    const bus =
      a.key.startsWith('link/') && links.has(a.key.slice(5)) && a.device === null ? a.key.slice(5) : busOf.get(a.device ?? '')
    const lost = bus === undefined ? undefined : links.get(bus)
    if (bus !== undefined && lost && (lost === a || cameWith(a, lost))) return { kind: 'bus', id: bus }
    if (a.ticket !== null && (cases.get(a.ticket) ?? 0) > 1) return { kind: 'case', id: a.ticket }
    if (a.device === null) return undefined
    const above = upstream(a.device).filter(d => (faulty.get(d) ?? Number.POSITIVE_INFINITY) <= a.raisedAt)
    return { kind: 'device', id: above.at(-1) ?? a.device }
  }
  const found = new Map<string, { root: Root; alarms: Alarm[] }>()
  const rest: Alarm[] = []
  for (const a of others) {
    const root = rootOf(a)
    if (!root) {
      rest.push(a)
      continue
    }
    const id = `${root.kind}/${root.id}`
    const known = found.get(id)
    if (known) known.alarms.push(a)
    else found.set(id, { root, alarms: [a] })
  }
  const groups: AlarmGroup[] = []
  for (const [id, { root, alarms: mine }] of found) {
    const [only] = mine
    if (mine.length === 1 && only) rest.push(only)
    else
      groups.push({
        id,
        root,
        first: mine.reduce((f, a) => (a.raisedAt < f.raisedAt ? a : f)),
        alarms: mine,
        level: Math.min(...mine.map(a => a.level)),
        stand: mine.filter(a => a.returnedAt === null).length,
        unacked: mine.filter(a => a.ackedAt === null).length,
      })
  }
  // By the worst of each, then by how many go on.
  groups.sort((a, b) => a.level - b.level || b.stand - a.stand || a.first.raisedAt - b.first.raisedAt || (a.id < b.id ? -1 : 1))
  return { pinned, groups, rest: rest.sort(byUrgency) }
}
