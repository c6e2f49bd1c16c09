import type { LinkState } from '#contract/messages'
import type { DeskEar } from './deskEar.ts'
import { names } from './faultNames.ts'
import type { LanePlan } from './faultySite.ts'
import { knownPoints } from './knownValues.ts'

type Ear = Pick<DeskEar, 'devices' | 'links' | 'standing'>

const oldMs = 5000

const reasonOf = (link: LinkState) => {
  const { code } = link as { code?: number | null }
  return `${link.reason ?? 'lost'}${typeof code === 'number' ? ` ${code}` : ''}`
}

/** What an engineer reads of a device now; several things at once where they stand side by side. */
export const readingOf = (ear: Ear, lane: LanePlan, now: number): string[] => {
  const device = ear.devices.get(lane.device)
  if (!device) return ['nothing']
  if (!device.link.ok) {
    const bus = ear.links.get(lane.bus)
    return [device.link.reason === 'bus-lost' && bus && !bus.ok ? reasonOf(bus) : reasonOf(device.link)]
  }
  const stands = (start: string) => ear.standing.some(a => `${a.key}/`.startsWith(`${start}/`))
  const values = [...device.values.values()]
  const read: string[] = []
  if (stands(`suspect/${lane.device}`))
    read.push(values.some(v => v.q === 'good') ? `${names.suspect}, values good` : names.suspect)
  if (stands(`part/${lane.device}`)) read.push(names.part)
  if (stands(`bits/${lane.device}`)) read.push(stands(`${lane.device}/b0`) ? names.bits : `${names.bits}, known bit lost`)
  if (read.length > 0) return read
  if (values.some(v => v.q === 'bad')) return [names.gap]
  return [now - device.readAt > oldMs ? 'good, but old' : names.good]
}

/** Points that are read every second at least and move between two reads. */
const moving = knownPoints.filter(p => p.poll === 'value' && p.key !== 'c0').map(p => p.key)

/** Everything of a device is good, what moves was read after `since`, and nothing that is about it stands. */
export const isGoodSince = (ear: Ear, lane: LanePlan, since: number, now: number): boolean => {
  const device = ear.devices.get(lane.device)
  if (!device || readingOf(ear, lane, now).join() !== names.good) return false
  if (ear.links.get(lane.bus)?.ok !== true) return false
  const about = (key: string) => key.split('/').some(part => part === lane.device || part === lane.bus)
  if (ear.standing.some(a => about(a.key))) return false
  return [...device.values].every(([key, v]) => v.q === 'good' && (!moving.includes(key) || v.t > since))
}
