import type { Subject } from '../../server/desk/subject.ts'
import { mailRegister } from './register.ts'

/** Mail and periodicals (R49). */
export const mail: Subject = { registers: [mailRegister] }
