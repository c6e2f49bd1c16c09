import type { ProfileFile, ProfilePoint } from '#contract/profileFile'

const words = (text: string) => ({ zh: text, en: text })
const register = (p: ProfileFile, id: string, change: Partial<NonNullable<ProfilePoint['register']>>) =>
  Object.assign(p.points[id]?.register as object, change)
const write = (p: ProfileFile, id: string, change: Partial<NonNullable<ProfilePoint['write']>>) =>
  Object.assign(p.points[id]?.write as object, change)
const copyOf = (p: ProfileFile, id: string) => structuredClone(p.points[id] as ProfilePoint)

/** Changes of a device type after which it is as good as before. */
export const profileHarmless: Record<string, [profile: string, change: (p: ProfileFile) => void]> = {
  'other words': ['ahu', p => Object.assign(p, { name: words('another'), version: 2, evidence: 'bench' })],
  'u32 at the last two registers': ['ahu', p => register(p, 'hours', { address: 65_534 })],
  'a word at the last register': ['ahu', p => register(p, 'firmware', { address: 65_535 })],
  'one address in two tables': ['ahu', p => register(p, 'firmware', { table: 'holding', address: 28 })],
  'another free bit': ['ahu', p => register(p, 'door_open', { bit: 15 })],
  'a word that is shown whole beside its bits': [
    'ahu',
    p => {
      p.points['word'] = {
        ...{ ...copyOf(p, 'ssp'), role: undefined },
        register: { ...copyOf(p, 'ssp').register, address: 100 } as ProfilePoint['register'],
      }
    },
  ],
  'narrower limits': ['ahu', p => write(p, 'sat_sp', { min: 14, max: 20 })],
  'limits to the last step of the register': ['ahu', p => write(p, 'fan_hz_sp', { min: 0, max: 655.35 })],
  'below zero in a signed register': ['ahu', p => write(p, 'sat_sp', { min: -10, relinquishDefault: -2.5 })],
  'another default': ['ahu', p => write(p, 'oad_cmd', { relinquishDefault: 35.5 })],
  'a longer limit': ['zone-controller', p => write(p, 'on_cmd', { limitMs: 60_000 })],
  'a slow read-back with the time for it': [
    'zone-controller',
    p => {
      Object.assign(p.points['on_fb'] as object, { poll: 'slow' })
      write(p, 'on_cmd', { limitMs: 30_000 })
    },
  ],
  'a finer read-back': ['zone-controller', p => write(p, 'temp_sp', { readBack: 'temp', tolerance: 0 })],
  'a coarse read-back that is allowed for': ['zone-controller', p => write(p, 'temp_sp', { readBack: 'co2', tolerance: 0.5 })],
  'a read-back in floating point': ['ahu', p => write(p, 'oad_cmd', { readBack: 'kw', tolerance: 0 })],
  'no fire input': ['door-controller', p => delete p.atFire?.input],
  'another end of an alarm': ['ahu', p => Object.assign(p.alarms['filter'] as object, { above: 300, deadband: 0 })],
  'an alarm below': ['ahu', p => Object.assign(p.alarms['co2'] as object, { above: undefined, below: 100 })],
  'a faster reading': ['energy-meter', p => Object.assign(p.points['kw'] as object, { poll: 'alarm' })],
  'fewer loops': ['fire-panel', p => Object.assign(p.series[0] as object, { to: 3 })],
  'one loop': ['fire-panel', p => Object.assign(p.series[0] as object, { from: 7, to: 7 })],
  'loops further apart': ['fire-panel', p => Object.assign(p.series[0] as object, { stride: 64 })],
}
