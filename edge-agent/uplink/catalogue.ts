import type { Bodies, PointInfo } from '#contract/messages'
import type { Profile, ProfilePoint } from '#contract/profile'

const tables = { coil: '0', discrete: '1', input: '3', holding: '4' } as const

/** A register as engineers write it: the table's digit and the one-based number, with its bit. */
const addressOf = (p: ProfilePoint): string => {
  if (p.mqtt) return `${p.mqtt.topic} ${p.mqtt.path}`
  if (!p.register) return ''
  const { table, address, bit, type } = p.register
  const number = `${tables[table]}${String(address + 1).padStart(4, '0')}`
  return `${number}${bit === undefined ? '' : `.${bit}`} ${type}`
}

const infoOf = (key: string, p: ProfilePoint, { atFire }: Profile): PointInfo => ({
  key,
  name: p.name,
  unit: p.unit,
  kind: p.kind,
  group: p.group,
  writable: p.write !== undefined,
  digits: p.digits,
  min: p.write?.min ?? null,
  max: p.write?.max ?? null,
  texts: p.texts ?? null,
  address: addressOf(p),
  readBackMs: p.write?.limitMs ?? null,
  atFire: atFire?.input && atFire.point === key ? { value: atFire.value, input: atFire.input } : null,
})

/** What the console is told of a device, from its profile. */
export const catalogueOf = (device: string, profile: Profile): Bodies['catalogue'] => ({
  device,
  profile: profile.profile,
  version: profile.version,
  evidence: profile.evidence,
  points: [...profile.points].map(([key, p]) => infoOf(key, p, profile)),
})
