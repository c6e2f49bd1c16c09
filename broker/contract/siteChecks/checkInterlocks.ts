import { pointKey, pointRef, refOf, splitRef } from '../names.ts'
import { conditionOf, type Interlock } from '../site.ts'
import { cannotRead, cannotWrite } from '../valueFit.ts'
import type { Path } from '../yamlSource.ts'
import type { SiteParts } from './siteParts.ts'

/** What is wrong with several devices in the same way is said once. */
type Wrong = { path: Path; why: string; who: string[] }

const targetOf = (lock: Interlock, device: string, { profileOf, pointOf }: SiteParts): Wrong | undefined => {
  const ref = refOf(device, lock.point)
  const target = pointOf(ref)
  const wrong = (key: string, why: string, who = ref) => ({ path: [key], why, who: [who] })
  if (!target) return profileOf(device) && wrong('point', `has no point '${lock.point}'`, device)
  if (!target.write) return wrong('point', 'cannot be written')
  const misfit = cannotWrite(target, lock.hold)
  return misfit === undefined ? undefined : wrong('hold', misfit)
}

const conditionIn = (lock: Interlock, ref: string, { isKnown, profileOf, pointOf }: SiteParts): Wrong | undefined => {
  const [device, key] = splitRef(ref)
  const point = pointOf(ref)
  const wrong = (side: string, why: string, who = ref) => ({ path: ['unless', side], why, who: [who] })
  if (lock.unless.point.includes('/') && !isKnown('devices', device))
    return wrong('point', 'is of a device that is not there; name one of the devices')
  if (!point) return profileOf(device) && wrong('point', `has no point '${key}'`, device)
  const misfit = cannotRead(point, lock.unless.equals)
  return misfit === undefined ? undefined : wrong('equals', misfit)
}

const united = (all: readonly (Wrong | undefined)[]): Wrong[] => {
  const found = new Map<string, Wrong>()
  for (const wrong of all) {
    if (!wrong) continue
    const key = `${wrong.path.join('.')} ${wrong.why}`
    found.set(key, { ...wrong, who: [...(found.get(key)?.who ?? []), ...wrong.who] })
  }
  return [...found.values()]
}

/** Each interlock by itself: it holds what can be written, and waits for what can be read. */
export const checkInterlocks = (parts: SiteParts) => {
  const { site, say, isKnown } = parts
  for (const [i, lock] of site.interlocks.entries()) {
    for (const [k, device] of lock.devices.entries()) {
      if (!isKnown('devices', device)) say(['interlocks', i, 'devices', k], `there is no device '${device}'`)
      else if (lock.devices.indexOf(device) < k) say(['interlocks', i, 'devices', k], `'${device}' stands twice; leave one out`)
    }
    const condition = lock.unless.point
    const isPoint = pointKey.or(pointRef).safeParse(condition).success
    if (!isPoint)
      say(
        ['interlocks', i, 'unless', 'point'],
        `'${condition}' is no point; write a key of the same device, or device/key of another`,
      )
    const devices = [...new Set(lock.devices)]
    const conditions = isPoint ? [...new Set(devices.map(device => conditionOf(lock, device)))] : []
    const all = [...devices.map(d => targetOf(lock, d, parts)), ...conditions.map(ref => conditionIn(lock, ref, parts))]
    for (const { path, why, who } of united(all)) {
      const [first, ...rest] = who
      const others = rest.length > 0 ? ` (the same of '${rest.join("', '")}')` : ''
      say(['interlocks', i, ...path], `'${first}' ${why}${others}`)
    }
  }
}
