import { z } from 'zod'
import { setting } from '../../server/site/settings.ts'

/** GB/T 26875.1: a centre that is asked answers within 10 minutes. How often it is asked is the site's; off until it says so. */
const source = 'GB/T 26875.1'
export const checkEvery = setting({
  key: 'post-check-every',
  name: { zh: '系统自动查岗，平均间隔', en: 'The console checks the post, on average every' },
  source,
  unit: 'h',
  schema: z.number().min(0.5).max(72).nullable(),
  default: null,
})
export const checkWithin = setting({
  key: 'post-check-within',
  name: { zh: '查岗应答时限', en: 'A check of the post is answered within' },
  source,
  unit: 'min',
  schema: z.number().int().min(1).max(60),
  default: 10,
})
