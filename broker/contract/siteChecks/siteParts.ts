import { pointRef, splitRef } from '../names.ts'
import type { Catalogue, Profile, ProfilePoint } from '../profileFile.ts'
import type { Site } from '../site.ts'
import type { Path } from '../yamlSource.ts'

export type Say = (path: Path, message: string) => void

const lists = [
  'floors',
  'zones',
  'units',
  'agents',
  'buses',
  'devices',
  'interlocks',
  'suppressions',
  'compartments',
  'plans',
  'levels',
  'guidance',
  'channels',
  'calls',
  'alwaysOn',
] as const
type List = (typeof lists)[number]
type Section = List | 'linkageSets'

/** All of a site file that fits its shape: the lists are always there, of the rest what could be read. */
export type SiteFile = Partial<Site> & Pick<Site, Section>

const protocols = ['modbus-tcp', 'mqtt'] as const
type Protocol = (typeof protocols)[number]

/** What a site's checks look at. */
export type SiteParts = {
  site: SiteFile
  say: Say
  /** True when something of that name stands in the section, even if its shape is wrong, or when nobody can tell. */
  isKnown(section: Section, id: string): boolean
  /** The bus, and so the agent and the protocol, of a device. */
  busOf(device: string): { agent: string | undefined; protocol: Protocol | undefined; simulated: boolean } | undefined
  /** Undefined as well when there is no such agent, which is said elsewhere. */
  agentOf(device: string): string | undefined
  /** Undefined without a catalogue, which then checks no points. */
  catalogue: Catalogue | undefined
  profileOf(device: string): Profile | undefined
  pointOf(ref: string): ProfilePoint | undefined
}

/** The same as it was written, before anything was found wrong with it. */
type Written = Record<string, unknown>
const itemsOf = (raw: Written, section: string): Written[] => {
  const list = raw[section]
  return Array.isArray(list) ? list.filter(item => typeof item === 'object' && item !== null) : []
}
const textOf = (item: Written | undefined, key: string) => (typeof item?.[key] === 'string' ? item[key] : undefined)
const byId = (items: readonly Written[]) => new Map(items.map(item => [textOf(item, 'id') ?? '', item]))

export const siteParts = (
  parts: Partial<Site>,
  raw: Written,
  lost: readonly Path[],
  catalogue: Catalogue | undefined,
  say: Say,
): SiteParts => {
  const none = Object.fromEntries(lists.map(l => [l, []])) as unknown as Pick<Site, List>
  const unread = new Set(lost.filter(path => path.length === 1).map(path => path[0]))
  const ids = new Map<string, ReadonlySet<string>>(
    lists.map(section => [section, new Set(itemsOf(raw, section).map(item => textOf(item, 'id') ?? ''))]),
  )
  ids.set('linkageSets', new Set(Object.keys((raw['linkageSets'] as Written | undefined) ?? {})))
  const devices = byId(itemsOf(raw, 'devices'))
  const buses = byId(itemsOf(raw, 'buses'))
  const busOf = (device: string) => {
    const bus = buses.get(textOf(devices.get(device), 'bus') ?? '')
    return (
      bus && {
        agent: textOf(bus, 'agent'),
        protocol: protocols.find(p => p === bus['protocol']),
        simulated: bus['simulated'] === true,
      }
    )
  }
  const profileOf = (device: string) => catalogue?.get(textOf(devices.get(device), 'profile') ?? '')
  return {
    site: { linkageSets: {}, ...none, ...parts },
    say,
    isKnown: (section, id) => unread.has(section) || (ids.get(section)?.has(id) ?? false),
    busOf,
    agentOf(device) {
      const agent = busOf(device)?.agent
      return agent !== undefined && ids.get('agents')?.has(agent) ? agent : undefined
    },
    catalogue,
    profileOf,
    pointOf(ref) {
      if (!pointRef.safeParse(ref).success) return undefined
      const [device, key] = splitRef(ref)
      return profileOf(device)?.points.get(key)
    },
  }
}
