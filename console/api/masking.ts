import { mayDo, type Role } from './rights.ts'

/**
 * Telephone numbers are for those who have to call (R1: 严守客户秘密; Personal Information Protection Law art. 6: no more than the purpose
 * needs); others see that there is one. Wherever one is written its key is `phone`, in forms, registers, files and their histories.
 */
const key = 'phone'

export const masked = (text: string): string => (text.length > 2 ? `***${text.slice(-2)}` : '')

const maskedAll = (value: unknown): unknown => {
  if (typeof value === 'string') return masked(value)
  if (Array.isArray(value)) return value.map(maskedAll)
  return value
}

const walk = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(walk)
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, k === key ? maskedAll(v) : walk(v)]))
}

/** An answer as somebody of these roles may see it. */
export const numbersShownTo = <T>(who: { roles: readonly Role[] }, answer: T): T =>
  mayDo(who.roles, 'see-numbers') ? answer : (walk(answer) as T)
