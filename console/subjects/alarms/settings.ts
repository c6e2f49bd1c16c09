import { z } from 'zod'
import { setting } from '../../server/site/settings.ts'

/** No manual says for how long: the longest of each level is the site's (OPC UA Part 9 MaxTimeShelved). Level 1 never. */
const source = 'ISA-18.2 / IEC 62682'
/** Nothing that a manual says: a control room hears its alarms (GB 25506 asks for sound at the centre). */
export const soundWatch = setting({
  key: 'sound-watch',
  name: { zh: '没有工位开着声音多久后报警', en: 'No station has sounded for so long: an alarm' },
  source: 'GB 25506',
  unit: 'min',
  schema: z.number().int().min(1).max(1440).nullable(),
  default: 2,
})
const shelfMinutes = z.number().int().min(1).max(10_080)
export const shelveMost2 = setting({
  key: 'shelve-most-2',
  name: { zh: '2 级报警最长搁置', en: 'Level 2 is shelved for at most' },
  source,
  unit: 'min',
  schema: shelfMinutes,
  default: 60,
})
export const shelveMost3 = setting({
  key: 'shelve-most-3',
  name: { zh: '3 级报警最长搁置', en: 'Level 3 is shelved for at most' },
  source,
  unit: 'min',
  schema: shelfMinutes,
  default: 480,
})
export const shelveMost4 = setting({
  key: 'shelve-most-4',
  name: { zh: '4 级报警最长搁置', en: 'Level 4 is shelved for at most' },
  source,
  unit: 'min',
  schema: shelfMinutes,
  default: 1440,
})
export const outOfServiceMost = setting({
  key: 'out-of-service-most',
  name: { zh: '报警停用最长', en: 'Alarms are out of service for at most' },
  source,
  unit: 'h',
  schema: z.number().int().min(1).max(8760),
  default: 720,
})
export const shelveMost = { 2: shelveMost2, 3: shelveMost3, 4: shelveMost4 } as const
