import type { Words } from '#contract/names'
import type { Scalar } from '#contract/quality'
import { both } from './words/both.ts'

/** What a profile says of a point to people: its name, and the words of its values. */
export type PointWords = { name: Words; texts?: Record<string, Words> | null | undefined }

/** A point as people call it: the device and what the point means; not known what it means, it is still the device's. */
export const pointName = (device: Words, point: PointWords | undefined): Words => {
  const meaning = point?.name ?? both(t => t.devices.unnamed)
  return { zh: `${device.zh} ${meaning.zh}`, en: `${device.en}: ${meaning.en}` }
}

/** A point's value in the words of its profile; digits where it has none. */
export const pointValue = (v: Scalar | null | undefined, point: PointWords | undefined): Words => {
  const known = v === null || v === undefined ? undefined : point?.texts?.[String(Number(v))]
  const text = v === null || v === undefined ? '—' : String(v)
  return known ?? { zh: text, en: text }
}
