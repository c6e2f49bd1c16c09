import type { SiteView } from '#api/models/site'
import type { Messages } from '#api/words/zh'
import type { PointRef } from '#contract/names'
import type { DetectorPoints, PointRole } from '#contract/pointRoles'
import type { PointValue } from '#contract/quality'
import { isGood } from '../state/format.ts'

/** What stands at a spot of a floor plan: by its shape people know it. */
export type SpotKind = 'detector' | 'door' | 'gate' | 'air' | 'device'
/**
 * How it stands: in alarm, at fault, at rest (shut, still, normal), at work (open, running, raised), on its way, or not known. What a lost link leaves
 * behind is never shown as what is so.
 */
export type SpotState = 'alarm' | 'fault' | 'rest' | 'work' | 'moving' | 'unknown'
export type SpotLook = { kind: SpotKind; state: SpotState; text: string }

type Device = Pick<SiteView['devices'][number], 'id' | 'roles'>
type Building = {
  devices: readonly Device[]
  compartments: readonly Pick<SiteView['compartments'][number], 'panel' | 'detectors'>[]
}

/** A device, and the point of it where the spot is only that. */
export const splitSpot = (ref: string): [device: string, point: string | undefined] => {
  const at = ref.indexOf('/')
  return at < 0 ? [ref, undefined] : [ref.slice(0, at), ref.slice(at + 1)]
}

/** The detector whose fire point a spot names. */
const detectorAt = (site: Building, device: string, point: string | undefined): DetectorPoints | undefined =>
  point === undefined
    ? undefined
    : site.compartments
        .filter(c => c.panel === device)
        .flatMap(c => c.detectors)
        .find(d => d.fire === point)

const deviceRoles: Readonly<Partial<Record<SpotKind, readonly PointRole[]>>> = {
  door: ['locked', 'door-open', 'forced-open'],
  gate: ['arm-raised', 'arm-moving'],
  air: ['running'],
  device: ['any-fire', 'any-fault'],
}

const kindOf = (site: Building, ref: string): SpotKind => {
  const [id, point] = splitSpot(ref)
  if (detectorAt(site, id, point)) return 'detector'
  const roles = point === undefined ? site.devices.find(d => d.id === id)?.roles : undefined
  return roles?.lock ? 'door' : roles?.arm ? 'gate' : roles?.running ? 'air' : 'device'
}

/** The points that a spot shows. */
export const pointsOf = (site: Building, ref: string): PointRef[] => {
  const [id, point] = splitSpot(ref)
  const detector = detectorAt(site, id, point)
  if (detector) return Object.values(detector).map((key): PointRef => `${id}/${key}`)
  if (point !== undefined) return [`${id}/${point}`]
  const roles = site.devices.find(d => d.id === id)?.roles ?? {}
  return (deviceRoles[kindOf(site, ref)] ?? []).flatMap((role): PointRef[] => (roles[role] ? [`${id}/${roles[role]}`] : []))
}

type Values = (ref: PointRef) => PointValue | undefined
type Around = { value: Values; linkOk: (device: string) => boolean; t: Messages }

const detectorLook = (id: string, d: DetectorPoints, { value, t }: Around): Omit<SpotLook, 'kind'> => {
  const of = (key: string | undefined) => (key === undefined ? undefined : value(`${id}/${key}`))
  const fire = of(d.fire)
  // A fire that is not certain is a fire (design §3); only what nobody has read is nothing.
  if (fire?.v === true && (isGood(fire) || fire.q === 'uncertain')) return { state: 'alarm', text: t.plans.fire }
  if (!isGood(fire)) return { state: 'unknown', text: t.plans.unknown }
  if (of(d.fault)?.v === true) return { state: 'fault', text: t.plans.fault }
  if (of(d.shielded)?.v === true) return { state: 'fault', text: t.plans.shielded }
  // What could say something worse must have been read: else nobody knows that it is at rest.
  const unread = [d.fault, d.shielded].some(key => key !== undefined && !isGood(of(key)))
  return unread ? { state: 'unknown', text: t.plans.unknown } : { state: 'rest', text: t.plans.normal }
}

/** What a spot shows, from what is read now. Pure. */
export const spotLook = (site: Building, ref: string, around: Around): SpotLook => {
  const { value, linkOk, t } = around
  const kind = kindOf(site, ref)
  const [id, point] = splitSpot(ref)
  const detector = detectorAt(site, id, point)
  if (detector) return { kind, ...detectorLook(id, detector, around) }
  const roles = site.devices.find(d => d.id === id)?.roles ?? {}
  const of = (role: PointRole) => (roles[role] === undefined ? undefined : value(`${id}/${roles[role]}`))
  const unknown: SpotLook = { kind, state: 'unknown', text: t.plans.unknown }
  if (point !== undefined) {
    const own = value(`${id}/${point}`)
    if (!isGood(own)) return unknown
    return own?.v === true ? { kind, state: 'work', text: t.plans.on } : { kind, state: 'rest', text: String(own?.v ?? '') }
  }
  if (kind === 'door') {
    const [locked, open, forced] = [of('locked'), of('door-open'), of('forced-open')]
    if (forced?.v === true && (isGood(forced) || forced.q === 'uncertain'))
      return { kind, state: 'alarm', text: t.overview.forced }
    const said = (['locked', 'door-open', 'forced-open'] as const).filter(role => roles[role] !== undefined)
    if (said.some(role => !isGood(of(role)))) return unknown
    if (open?.v === true) return { kind, state: 'work', text: t.plans.doorAjar }
    return locked?.v ? { kind, state: 'rest', text: t.overview.doorShut } : { kind, state: 'work', text: t.overview.doorOpen }
  }
  if (kind === 'gate') {
    const [raised, moving] = [of('arm-raised'), of('arm-moving')]
    if (!isGood(raised)) return unknown
    if (isGood(moving) && moving?.v === true) return { kind, state: 'moving', text: t.overview.moving }
    return raised?.v ? { kind, state: 'work', text: t.overview.up } : { kind, state: 'rest', text: t.overview.down }
  }
  if (kind === 'air') {
    const running = of('running')
    if (!isGood(running)) return unknown
    return running?.v ? { kind, state: 'work', text: t.overview.running } : { kind, state: 'rest', text: t.overview.idle }
  }
  const [fire, fault] = [of('any-fire'), of('any-fault')]
  if (fire?.v === true && (isGood(fire) || fire.q === 'uncertain')) return { kind, state: 'alarm', text: t.plans.fire }
  if (fault?.v === true && isGood(fault)) return { kind, state: 'fault', text: t.plans.fault }
  const unread = (['any-fire', 'any-fault'] as const).some(role => roles[role] !== undefined && !isGood(of(role)))
  return linkOk(id) && !unread ? { kind, state: 'rest', text: t.link.good } : unknown
}
