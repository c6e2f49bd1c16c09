import { z } from 'zod'
import { words } from '#contract/names'
import { caseHead, fieldView } from './cases.ts'
import { tenantContact } from './tenants.ts'

/** Registers, what was found, and who is calling. */

/** A line of a register; never changed, put right by another one that names it. */
export const registerEntry = z.object({
  id: z.string(),
  register: z.string(),
  number: z.string(),
  at: z.number(),
  by: z.string(),
  form: z.record(z.string(), z.unknown()),
  caseId: z.string().nullable(),
  corrects: z.string().nullable(),
  /** The number of the entry that puts this one right. */
  correctedBy: z.string().nullable(),
  readAt: z.number().nullable(),
  readBy: z.string().nullable(),
  checkedAt: z.number().nullable(),
  checkedBy: z.string().nullable(),
  /** Of a register whose entries are open until something has come back or been handed over. */
  dueAt: z.number().nullable(),
  /** What was due was done, and by whom, though it is open still. */
  metAt: z.number().nullable(),
  metBy: z.string().nullable(),
  closedAt: z.number().nullable(),
  closedBy: z.string().nullable(),
  closing: z.record(z.string(), z.unknown()),
})
export type RegisterEntry = z.infer<typeof registerEntry>

export const registerView = z.object({
  id: z.string(),
  name: words,
  purpose: words,
  source: z.string(),
  fields: z.array(fieldView),
  /** What comes by phone goes in here. */
  ofCalls: z.boolean(),
  /** The procedures that may be opened because of an entry. */
  leadsTo: z.array(z.string()),
  mayWrite: z.boolean(),
  mayRead: z.boolean(),
  readBySomebody: z.boolean(),
  mayCheck: z.boolean(),
  checkedBySomebody: z.boolean(),
  life: z
    .object({
      open: words,
      closed: words,
      label: words,
      asks: z.array(fieldView),
      /** The field that says when it is due. */
      dueField: z.string().nullable(),
      mayClose: z.boolean(),
      meets: words.nullable(),
      mayMeet: z.boolean(),
    })
    .nullable(),
})
export type RegisterView = z.infer<typeof registerView>

/** Something that was found: a case or a register entry. */
export const found = z.object({
  record: z.string(),
  kind: z.string(),
  number: z.string(),
  at: z.number(),
  /** The value of the field that says what it is about. */
  about: z.unknown(),
  place: z.string().nullable(),
  tenant: z.string().nullable(),
  state: z.string().nullable(),
})
export type Found = z.infer<typeof found>

/** Who is calling, as far as the desk knows: the tenant, its units, and its last matters. */
export const caller = z.object({
  /** One of the site's key customers, whose calls the manual wants registered (R5, C21). */
  key: z.boolean(),
  tenant: z.object({ id: z.string(), name: z.string(), short: z.string(), contact: z.string(), phone: z.string() }),
  zones: z.array(z.string()),
  /** Where he may be calling from: his zones, and those of his units that have none. */
  places: z.array(z.string()),
  last: z.array(caseHead),
  contacts: z.array(tenantContact),
  /** Why goods of this tenant are not let out; empty where they are. */
  restriction: z.string(),
})
export type Caller = z.infer<typeof caller>
