import { mayDo, type Role } from './rights.ts'

/**
 * Telephone numbers are for those who have to call (R1: 严守客户秘密; Personal Information Protection Law art. 6: no more than the purpose
 * needs); others see that there is one. Wherever one is written its key is `phone`, in forms, registers, files and their histories.
 */
const key = 'phone'

export const masked = (text: string): string => (text.length > 2 ? `***${text.slice(-2)}` : '')

const isPlain = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype

/** The same with every text changed that stands, however deep, under a key that is meant: also what was there before a correction, and after. */
export const changedUnder = (value: unknown, isMeant: (key: string) => boolean, change: (text: string) => string): unknown => {
  const walk = (v: unknown, meant: boolean): unknown => {
    if (typeof v === 'string') return meant ? change(v) : v
    if (Array.isArray(v)) return v.map(x => walk(x, meant))
    return isPlain(v) ? Object.fromEntries(Object.entries(v).map(([k, x]) => [k, walk(x, meant || isMeant(k))])) : v
  }
  return walk(value, false)
}

/** An answer as somebody of these roles may see it. */
export const numbersShownTo = <T>(who: { roles: readonly Role[] }, answer: T): T =>
  mayDo(who.roles, 'see-numbers') ? answer : (changedUnder(answer, k => k === key, masked) as T)
