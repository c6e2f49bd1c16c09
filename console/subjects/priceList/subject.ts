import type { Subject } from '../../server/desk/subject.ts'
import { priceItems } from './thing.ts'

/** What a customer who asks by telephone is told of fees and services (R7). */
export const priceList: Subject = { things: [priceItems] }
