import { consoleAgent } from './kinds.ts'
import { splitRef } from './names.ts'
import type { Catalogue } from './profile.ts'
import { conditionOf, linkagesOf, type Site, siteFile } from './site.ts'
import { type Problem, readYaml, type Source } from './yamlSource.ts'

type Say = (path: (string | number)[], message: string) => void

const unique = (say: Say, list: readonly { id: string }[], section: string) => {
  const seen = new Map<string, number>()
  list.forEach((item, i) => {
    const first = seen.get(item.id)
    if (first === undefined) seen.set(item.id, i)
    else say([section, i, 'id'], `'${item.id}' is used twice (first as ${section}.${first})`)
  })
  return new Set(seen.keys())
}

const checkZones = (site: Site, say: Say, ids: { floors: Set<string>; zones: Set<string>; devices: Set<string> }) => {
  site.zones.forEach((z, i) => {
    if (!ids.floors.has(z.floor)) say(['zones', i, 'floor'], `there is no floor '${z.floor}'`)
    if (!ids.devices.has(z.controller)) say(['zones', i, 'controller'], `there is no device '${z.controller}'`)
    const twin = site.zones.findIndex(other => other.controller === z.controller)
    if (twin < i) say(['zones', i, 'controller'], `'${z.controller}' already controls zone '${site.zones[twin]?.id}'`)
  })
  site.units.forEach((u, i) => {
    u.zones.forEach((z, k) => {
      if (!ids.zones.has(z)) say(['units', i, 'zones', k], `there is no zone '${z}'`)
    })
  })
  site.alwaysOn.forEach((z, i) => {
    if (!ids.zones.has(z)) say(['alwaysOn', i], `there is no zone '${z}'`)
  })
}

const checkDevices = (
  site: Site,
  say: Say,
  ids: { agents: Set<string>; buses: Set<string>; devices: Set<string>; places: Set<string> },
) => {
  const busOf = new Map(site.buses.map(b => [b.id, b]))
  const agentOf = (device: string) => busOf.get(site.devices.find(d => d.id === device)?.bus ?? '')?.agent
  const taken = new Map<string, string>()
  site.buses.forEach((b, i) => {
    if (!ids.agents.has(b.agent)) say(['buses', i, 'agent'], `there is no agent '${b.agent}'`)
  })
  site.devices.forEach((d, i) => {
    const b = busOf.get(d.bus)
    if (!b) say(['devices', i, 'bus'], `there is no bus '${d.bus}'`)
    if (d.place && !ids.places.has(d.place)) say(['devices', i, 'place'], `there is no floor, zone or compartment '${d.place}'`)
    if (b?.protocol === 'modbus-tcp') {
      if (d.unit === undefined) say(['devices', i], `a device on Modbus bus '${b.id}' needs a unit`)
      const address = `${d.bus} unit ${d.unit}`
      if (d.unit !== undefined && taken.has(address)) say(['devices', i, 'unit'], `${address} is already '${taken.get(address)}'`)
      taken.set(address, d.id)
    }
    if (b?.protocol === 'mqtt') {
      if (!d.prefix) say(['devices', i], `a device on MQTT bus '${b.id}' needs a prefix`)
      if (!d.account) say(['devices', i], `a device on MQTT bus '${b.id}' needs an account`)
      if (d.prefix && taken.has(d.prefix)) say(['devices', i, 'prefix'], `prefix is already that of '${taken.get(d.prefix)}'`)
      if (d.prefix?.startsWith('zhiban')) say(['devices', i, 'prefix'], "'zhiban' is the console's own; choose another prefix")
      if (d.prefix) taken.set(d.prefix, d.id)
    }
    d.feeds.forEach((fed, k) => {
      if (!ids.devices.has(fed)) say(['devices', i, 'feeds', k], `there is no device '${fed}'`)
      else if (agentOf(fed) !== b?.agent)
        say(['devices', i, 'feeds', k], `'${fed}' belongs to another agent; feeds do not cross agents`)
    })
  })
  const loop = feedLoop(site)
  if (loop) say(['devices', site.devices.findIndex(d => d.id === loop[0]), 'feeds'], `feeds go in a circle: ${loop.join(' -> ')}`)
}

const feedLoop = (site: Site): string[] | undefined => {
  const feeds = new Map(site.devices.map(d => [d.id, d.feeds]))
  const done = new Set<string>()
  const walk = (id: string, trail: string[]): string[] | undefined => {
    if (trail.includes(id)) return [...trail.slice(trail.indexOf(id)), id]
    if (done.has(id)) return undefined
    done.add(id)
    for (const next of feeds.get(id) ?? []) {
      const found = walk(next, [...trail, id])
      if (found) return found
    }
    return undefined
  }
  for (const id of feeds.keys()) {
    const found = walk(id, [])
    if (found) return found
  }
  return undefined
}

const checkCompartments = (site: Site, say: Say, ids: { zones: Set<string>; devices: Set<string> }) => {
  const where = (c: number, linkage: string): (string | number)[] => {
    const own = site.compartments[c]?.linkages.findIndex(l => l.id === linkage) ?? -1
    return own >= 0 ? ['compartments', c, 'linkages', own] : ['compartments', c, 'include']
  }
  site.compartments.forEach((c, i) => {
    c.zones.forEach((z, k) => {
      if (!ids.zones.has(z)) say(['compartments', i, 'zones', k], `there is no zone '${z}'`)
    })
    if (!ids.devices.has(c.panel)) say(['compartments', i, 'panel'], `there is no device '${c.panel}'`)
    c.include.forEach((set, k) => {
      if (!site.linkageSets[set]) say(['compartments', i, 'include', k], `there is no linkage set '${set}'`)
    })
    if (c.rule.independent > c.witnesses.length)
      say(['compartments', i, 'rule'], `asks for ${c.rule.independent} witnesses but only ${c.witnesses.length} are listed`)
    const seen = new Set<string>()
    for (const l of linkagesOf(site, c)) {
      if (seen.has(l.id)) say(where(i, l.id), `linkage '${l.id}' stands twice`)
      seen.add(l.id)
      if (!ids.devices.has(l.device)) say(where(i, l.id), `linkage '${l.id}': there is no device '${l.device}'`)
    }
  })
}

const checkPoints = (site: Site, say: Say, catalogue: Catalogue) => {
  const profileOf = new Map(site.devices.map(d => [d.id, catalogue.get(d.profile)]))
  site.devices.forEach((d, i) => {
    const p = catalogue.get(d.profile)
    const protocol = site.buses.find(b => b.id === d.bus)?.protocol
    if (!p) say(['devices', i, 'profile'], `there is no profile '${d.profile}'`)
    else if (protocol && (p.protocol === 'mqtt') !== (protocol === 'mqtt'))
      say(['devices', i, 'profile'], `profile '${p.profile}' speaks ${p.protocol}, but bus '${d.bus}' is ${protocol}`)
    const test = d.watch?.testPoint
    if (test && p && !p.points.has(test)) say(['devices', i, 'watch', 'testPoint'], `'${d.id}' has no point '${test}'`)
  })
  site.zones.forEach((z, i) => {
    const p = profileOf.get(z.controller)
    if (p && !p.runs) say(['zones', i, 'controller'], `profile '${p.profile}' does not say what runs (runs: {command, feedback})`)
  })
  site.compartments.forEach((c, i) => {
    const panel = profileOf.get(c.panel)
    c.witnesses.forEach((w, k) => {
      if (panel && !panel.points.has(w)) say(['compartments', i, 'witnesses', k], `'${c.panel}' has no point '${w}'`)
    })
    if (panel && !panel.points.has(c.panelNormal.point))
      say(['compartments', i, 'panelNormal', 'point'], `'${c.panel}' has no point '${c.panelNormal.point}'`)
    for (const l of linkagesOf(site, c)) {
      const p = profileOf.get(l.device)
      if (l.by === 'panel') {
        if (p && !p.points.has(l.point)) say(['compartments', i], `linkage '${l.id}': '${l.device}' has no point '${l.point}'`)
      } else if (p && !p.points.get(l.point)?.write)
        say(['compartments', i], `linkage '${l.id}': '${l.device}/${l.point}' cannot be written`)
      if (p && !p.points.has(l.feedback.point))
        say(['compartments', i], `linkage '${l.id}': '${l.device}' has no point '${l.feedback.point}'`)
    }
  })
}

const checkInterlocks = (site: Site, say: Say, catalogue: Catalogue) => {
  const profileOf = new Map(site.devices.map(d => [d.id, catalogue.get(d.profile)]))
  for (const [i, lock] of site.interlocks.entries())
    for (const [k, id] of lock.devices.entries()) {
      if (!profileOf.has(id)) {
        say(['interlocks', i, 'devices', k], `there is no device '${id}'`)
        continue
      }
      const target = profileOf.get(id)?.points.get(lock.point)
      if (!target?.write) say(['interlocks', i, 'point'], `'${id}/${lock.point}' cannot be written`)
      else if ((target.kind === 'binary') !== (typeof lock.hold === 'boolean'))
        say(['interlocks', i, 'hold'], `'${id}/${lock.point}' is ${target.kind}: ${String(lock.hold)} does not fit`)
      const [device, key] = splitRef(conditionOf(lock, id))
      if (!profileOf.get(device)?.points.has(key)) say(['interlocks', i, 'unless', 'point'], `'${device}' has no point '${key}'`)
    }
}

const checkPlans = (site: Site, say: Say) => {
  site.plans.forEach((plan, i) => {
    if (site.plans.findIndex(p => p.kind === plan.kind) < i) say(['plans', i, 'kind'], `a plan for '${plan.kind}' stands already`)
    plan.steps.forEach((step, k) => {
      if (step.after !== undefined && step.after > k)
        say(['plans', i, 'steps', k, 'after'], `step ${k + 1} can only wait for an earlier step`)
    })
  })
}

const checkTime = (site: Site, say: Say) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: site.timeZone })
  } catch {
    say(['timeZone'], `'${site.timeZone}' is no IANA time zone, such as Asia/Shanghai`)
  }
  const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))
  for (const side of ['from', 'to'] as const) {
    const m = minutes(site.centreHours[side])
    if (m > 1440 || Number(site.centreHours[side].slice(3)) > 59)
      say(['centreHours', side], `'${site.centreHours[side]}' is no time of day`)
  }
  if (minutes(site.centreHours.from) >= minutes(site.centreHours.to)) say(['centreHours'], "'from' must be before 'to'")
}

/**
 * The site file, or all its problems at once by line and column. Pure: the caller reads files and environment.
 * With a catalogue of profiles, point names are checked too.
 */
export const parseSite = (source: Source, catalogue?: Catalogue): { site?: Site; problems: Problem[] } => {
  const { value: site, problems, at } = readYaml(source, siteFile)
  if (!site) return { problems }
  const say: Say = (path, message) => problems.push(at(path, message))
  const floors = unique(say, site.floors, 'floors')
  const zones = unique(say, site.zones, 'zones')
  unique(say, site.units, 'units')
  unique(say, site.interlocks, 'interlocks')
  site.agents.forEach((a, i) => {
    if (a.id === consoleAgent) say(['agents', i, 'id'], `'${consoleAgent}' is the console's own name on the wire; choose another`)
  })
  const agents = unique(say, site.agents, 'agents')
  const buses = unique(say, site.buses, 'buses')
  const devices = unique(say, site.devices, 'devices')
  const compartments = unique(say, site.compartments, 'compartments')
  checkTime(site, say)
  checkZones(site, say, { floors, zones, devices })
  checkDevices(site, say, { agents, buses, devices, places: new Set([...floors, ...zones, ...compartments]) })
  checkCompartments(site, say, { zones, devices })
  checkPlans(site, say)
  if (catalogue) {
    checkPoints(site, say, catalogue)
    checkInterlocks(site, say, catalogue)
  }
  problems.sort((a, b) => a.line - b.line || a.column - b.column)
  return problems.length > 0 ? { problems } : { site, problems }
}

/** Reads `env:NAME[:default]` and plain text. Undefined when the variable is not set and there is no default. */
export const resolveSetting = (text: string, env: Record<string, string | undefined>): string | undefined => {
  const match = /^env:([A-Z][A-Z0-9_]*)(?::(.*))?$/.exec(text)
  if (!match) return text
  const set = env[match[1] ?? '']
  return set !== undefined && set !== '' ? set : match[2]
}
