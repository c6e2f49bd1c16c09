import { z } from 'zod'
import { holds } from '#api/conditions'
import { Refusal } from '#api/errors'
import { type Procedure, receivedAt } from './definition.ts'
import type { Field } from './field.ts'

const schemaOf = (fields: readonly Field[]) =>
  z
    .strictObject(
      Object.fromEntries(fields.filter(f => f.signs !== 'doer').map(f => [f.key, f.schema])) as Record<string, z.ZodType>,
    )
    .superRefine((form, context) => {
      for (const f of fields)
        if (f.requiredWhen && holds(f.requiredWhen, form) && [undefined, ''].includes(form[f.key] as string))
          context.addIssue({ code: 'custom', path: [f.key], message: 'required' })
    })

type FormSchema = ReturnType<typeof schemaOf>
/** Definitions do not change while the console runs, and a schema costs more to make than to use. */
const made = new WeakMap<readonly Field[], FormSchema>()

/** Fields as one schema; unknown ones, and those that the others make necessary, are errors that name them. */
export const formSchema = (fields: readonly Field[]): FormSchema => {
  const known = made.get(fields) ?? schemaOf(fields)
  made.set(fields, known)
  return known
}

export const invalidForm = (error: z.ZodError) => {
  const problems = error.issues.map(i => ({
    field: i.path.join('.') || (i.code === 'unrecognized_keys' ? i.keys.join(',') : 'form'),
    message: i.message,
  }))
  return new Refusal('invalid', problems[0]?.field, { problems })
}

/** The form of a case; nothing was received that is still to come. */
export const checkedCase = (procedure: Procedure, form: Record<string, unknown>, at: number): Record<string, unknown> => {
  const checked = checkedForm(procedure.fields, form)
  if ((receivedAt(procedure, checked) ?? 0) > at) throw new Refusal('in-the-future', procedure.receivedAt)
  return checked
}

/** A form that fits its fields, or a refusal that names the first that does not. */
export const checkedForm = (fields: readonly Field[], form: Record<string, unknown>): Record<string, unknown> => {
  const parsed = formSchema(fields).safeParse(form)
  if (!parsed.success) throw invalidForm(parsed.error)
  return parsed.data as Record<string, unknown>
}
