import { z } from 'zod'

/** A moment of the wall clock in whole ms since 1970, up to the year 2096: what the books can store. */
export const instant = z.number().int().min(0).max(4_000_000_000_000)
export const instantText = z.coerce.number().pipe(instant)

/** A month as it is asked for. */
export const month = z.string().regex(/^[1-9]\d{3}-(0[1-9]|1[0-2])$/, 'write YYYY-MM')
