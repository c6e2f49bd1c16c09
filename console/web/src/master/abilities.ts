import type { MovingIn, SiteView } from '#api/models/site'
import { hasRole, type Right, type Role, rights, roles } from '#api/rights'

/** What works in a building that moves in, and why something does not: from what is stored, and from which devices answer. */
export const abilityNames = ['watch', 'desk', 'booking', 'holidays', 'fire', 'money'] as const
export type AbilityName = (typeof abilityNames)[number]
export type Why =
  | { why: 'noDevice' | 'noWatch' | 'noDesk' | 'noTenant' | 'noZone' | 'noRelease' | 'noCompartment' | 'noFinance' | 'fine' }
  | { why: 'zones'; n: number; all: number }
  | { why: 'unverified'; n: number }
  | { why: 'year'; year: number }
  | { why: 'panels'; panels: readonly string[] }
export type Ability = { name: AbilityName; ok: boolean; reasons: readonly Why[]; page: string }

type Known = { moved: MovingIn; site: SiteView; answers(device: string): boolean }

/** Everything from a device down to what it feeds, itself included. */
const downstream = (site: SiteView, device: string): ReadonlySet<string> => {
  const found = new Set<string>([device])
  for (const id of found) for (const fed of site.devices.find(d => d.id === id)?.feeds ?? []) found.add(fed)
  return found
}

/** What a device that does not answer leaves undone: zones that it serves, compartments whose panel it is. */
export const blockedBy = (site: SiteView, device: string) => {
  const fed = downstream(site, device)
  return {
    zones: site.zones.filter(z => fed.has(z.controller) || fed.has(z.id)).map(z => z.id),
    compartments: site.compartments.filter(c => c.panel === device).map(c => c.id),
  }
}

/** The roles that a step of moving in asks for: without anybody in one of them something of the house does not work. */
export const lackingRoles = ({ people }: MovingIn): Role[] =>
  roles.filter(r => (people.holders[r] ?? 0) === 0 && !(r === 'general-manager' && (people.holders.manager ?? 0) > 0))

export const abilitiesOf = ({ moved, site, answers }: Known): Ability[] => {
  const mayAct = (right: Right) => roles.some(r => hasRole([r], rights[right]) && (moved.people.holders[r] ?? 0) > 0)
  const silent = site.devices.filter(d => !answers(d.id))
  const blocked = new Set(silent.flatMap(d => blockedBy(site, d.id).zones))
  const shut = new Set([...moved.zones.vacant, ...moved.zones.unpriced])
  const bookable = site.zones.filter(z => !shut.has(z.id))
  const unverified = bookable.filter(z => blocked.has(z.id)).length
  const panels = [...new Set(site.compartments.map(c => c.panel))].filter(p => !answers(p))
  const year = moved.years[0]
  const lacks: Record<AbilityName, Why[]> = {
    watch: [
      ...(silent.length === site.devices.length ? [{ why: 'noDevice' as const }] : []),
      ...(mayAct('act-on-alarms') ? [] : [{ why: 'noWatch' as const }]),
    ],
    desk: [
      ...(mayAct('plan-visits') ? [] : [{ why: 'noDesk' as const }]),
      ...(moved.tenants > 0 ? [] : [{ why: 'noTenant' as const }]),
    ],
    booking: bookable.length > 0 ? [] : [{ why: 'noZone' }],
    holidays: year && !year.known ? [{ why: 'year', year: year.year }] : [],
    fire: [
      ...(site.compartments.length === 0 ? [{ why: 'noCompartment' as const }] : []),
      ...(panels.length > 0 ? [{ why: 'panels' as const, panels }] : []),
      ...(mayAct('release-fire') ? [] : [{ why: 'noRelease' as const }]),
    ],
    money: (moved.people.holders.finance ?? 0) > 0 ? [] : [{ why: 'noFinance' }],
  }
  const pages: Record<AbilityName, string> = {
    ...{ watch: 'devices', desk: 'staff', booking: 'prices', holidays: 'calendar', fire: 'devices', money: 'staff' },
  }
  const fine = (name: AbilityName): Why[] => {
    if (name !== 'booking') return [{ why: 'fine' }]
    const zones: Why = { why: 'zones', n: bookable.length, all: site.zones.length }
    return unverified > 0 ? [zones, { why: 'unverified', n: unverified }] : [zones]
  }
  return abilityNames.map(name => {
    const ok = lacks[name].length === 0
    return { name, ok, reasons: ok ? fine(name) : lacks[name], page: pages[name] }
  })
}
