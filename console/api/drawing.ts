import { z } from 'zod'

/** A signature drawn on a screen or scanned from paper, as it is sent: a small PNG. */
export const drawingMost = 60_000
export const drawingStart = 'data:image/png;base64,'
/** base64 of the first bytes of every PNG. */
const png = `${drawingStart}iVBORw0KGgo`
export const drawing = z
  .string()
  .max(drawingMost)
  .refine(v => v.startsWith(png) && /^[A-Za-z0-9+/]+={0,2}$/.test(v.slice(drawingStart.length)), 'not a PNG')
/** In the books stands the SHA-256 of the picture; it is kept beside them. */
export const drawingSum = z.string().regex(/^[0-9a-f]{64}$/)
