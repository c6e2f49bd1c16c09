import { Refusal } from '#api/errors'
import type { Blocked } from './blocked.ts'

/** What is in the way, as the refusal that it becomes. */
export const refusal = (b: Blocked) => new Refusal(b.code, b.field, 'say' in b ? { say: b.say } : b.detail)
