import type { Words } from '#contract/names'

/** Shifts of a day (R61-R63): service hours, the hours between them and the night, the night (R65). */
export const shifts = {
  day: { zh: '日班', en: 'Day' },
  evening: { zh: '晚班', en: 'Evening' },
  night: { zh: '夜班', en: 'Night' },
} as const satisfies Record<string, Words>
export type Shift = keyof typeof shifts
