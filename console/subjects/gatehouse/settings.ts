import { z } from 'zod'
import { longestPassS } from '#contract/priority'
import { setting } from '../../server/site/settings.ts'

/** No manual says for how long; a door or barrier that stands open longer than somebody needs is one that is held open. */
const seconds = z.number().int().min(1).max(longestPassS)
export const doorOpensFor = setting({
  key: 'pass-door-opens-for',
  name: { zh: '访客刷出入证，门释放', en: "A visitor's pass releases its door for" },
  source: 'R72 (004 P2)',
  unit: 's',
  schema: seconds,
  default: 5,
})
export const barrierOpensFor = setting({
  key: 'pass-barrier-opens-for',
  name: { zh: '确认车主后，道闸抬起', en: 'Once the owner is confirmed, the barrier goes up for' },
  source: 'R71 (004 P2)',
  unit: 's',
  schema: seconds,
  default: 15,
})
