import { ApiError } from '#program/httpApi'
import type { Blocked } from './chapter.ts'

/** What is in the way, as the refusal that it becomes. */
export const refusal = (b: Blocked) => new ApiError(b.code === 'not-your-role' ? 403 : 409, b.code, b.field, b.detail)
