import { z } from 'zod'

/** What is asked of a form, as data, so that browser and server judge alike. */
export type Condition =
  /** The field has one of these values. */
  | { field: string; is: readonly (string | boolean)[] }
  /** Something stands in the field, or nothing does. */
  | { field: string; filled: boolean }
  | { all: readonly Condition[] }
  | { any: readonly Condition[] }
  | { not: Condition }

export const condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.object({ field: z.string(), is: z.array(z.union([z.string(), z.boolean()])) }),
    z.object({ field: z.string(), filled: z.boolean() }),
    z.object({ all: z.array(condition) }),
    z.object({ any: z.array(condition) }),
    z.object({ not: condition }),
  ]),
)

/** Whether a condition holds of a form; none always does. */
export const holds = (c: Condition | undefined | null, form: Readonly<Record<string, unknown>>): boolean => {
  if (!c) return true
  if ('all' in c) return c.all.every(x => holds(x, form))
  if ('any' in c) return c.any.some(x => holds(x, form))
  if ('not' in c) return !holds(c.not, form)
  if ('filled' in c) return c.filled === !['', undefined, null, false].includes(form[c.field] as string)
  return c.is.some(v => form[c.field] === v)
}

/** The fields that a condition speaks of. */
export const fieldsOfCondition = (c: Condition): string[] => {
  if ('field' in c) return [c.field]
  return 'not' in c ? fieldsOfCondition(c.not) : ('all' in c ? c.all : c.any).flatMap(fieldsOfCondition)
}
