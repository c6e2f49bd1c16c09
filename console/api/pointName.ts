import type { Words } from '#contract/names'
import type { Scalar } from '#contract/quality'
import { say, type Text } from './words/text.ts'

/** What a profile says of a point to people: its name, and the words of its values. */
export type PointWords = { name: Words; texts?: Record<string, Words> | null | undefined }

/** A point as people call it: the device and what the point means; not known what it means, it is still the device's. */
export const pointName = (device: Words, point: PointWords | undefined): Text =>
  say.devices.pointOf(device, point?.name ?? say.devices.unnamed)

/** A point's value in the words of its profile; digits where it has none. */
export const pointValue = (v: Scalar | null | undefined, point: PointWords | undefined): Text => {
  const known = v === null || v === undefined ? undefined : point?.texts?.[String(Number(v))]
  return known ?? (v === null || v === undefined ? '—' : String(v))
}
