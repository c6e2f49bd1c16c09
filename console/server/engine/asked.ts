import { Refusal } from '#api/errors'
import type { Someone } from '../books/persons.ts'
import type { Field } from './field.ts'
import { formSchema, invalidForm } from './formSchema.ts'

const nothingAsked: readonly Field[] = []

/** What a step asks for, checked; the first thing that is missing is named. A signature inside the house is written by nobody: it is who is signed in. */
export const asked = (
  asks: readonly Field[] = nothingAsked,
  input: Record<string, unknown>,
  by: Someone,
): Record<string, unknown> => {
  const given = Object.fromEntries(Object.entries(input).filter(([, v]) => v !== undefined && v !== ''))
  const parsed = formSchema(asks).safeParse(given)
  const signed = asks.filter(f => f.signs === 'doer').map(f => [f.key, by.display])
  if (parsed.success) return { ...(parsed.data as Record<string, unknown>), ...Object.fromEntries(signed) }
  const missing = asks.find(f => given[f.key] === undefined && parsed.error.issues.some(i => i.path[0] === f.key))
  if (missing) throw new Refusal('said-nothing', missing.key)
  throw invalidForm(parsed.error)
}
