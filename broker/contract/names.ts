import { z } from 'zod'

/** Ids of the site file: lower-case words, digits and dashes; safe in topics, file names and addresses. */
export const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'use lower-case letters, digits and dashes, at most 40')

/** Keys of points within a device. */
export const pointKey = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'use lower-case letters, digits and underscores, at most 40')

/** `device/point`: the one name of a point within an agent. */
export const pointRef = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}\/[a-z][a-z0-9_]{0,39}$/)
export type PointRef = z.infer<typeof pointRef>

export const refOf = (device: string, point: string): PointRef => `${device}/${point}`
export const splitRef = (ref: PointRef): [device: string, point: string] => {
  const slash = ref.indexOf('/')
  return [ref.slice(0, slash), ref.slice(slash + 1)]
}

const written = z.string().min(1).max(160)
/** The code of a language, as `fr`. */
export const isLanguageCode = (key: string): boolean => /^[a-z]{2}$/.test(key)
/** Every word that people read exists twice, and may in further languages by their codes (`fr`); Chinese is the source. */
export const words = z
  .object({ zh: z.string().min(1).max(120), en: written })
  .catchall(written)
  .check(({ value, issues }) => {
    const keys = Object.keys(value).filter(k => !isLanguageCode(k))
    if (keys.length > 0) issues.push({ code: 'unrecognized_keys', keys, input: value })
  })
export type Words = z.infer<typeof words>

export const ulidText = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/, 'must be a ULID')
