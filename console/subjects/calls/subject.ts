import type { Subject } from '../../server/desk/subject.ts'
import { registers } from './registers.ts'

/** Calls, visits and letters as they come in (R3-R6). */
export const calls: Subject = { registers }
