import { z } from 'zod'

/** Who rents or owns here (R51). Dates are the site's, both ends included; null where nobody has written one down. */

/** What a contact may ask for in the tenant's name: services that cost, the release of goods; or whom to call in an emergency. */
export const contactMay = ['order', 'release', 'urgent'] as const
export type ContactMay = (typeof contactMay)[number]
export const tenancyKinds = ['lease', 'owner'] as const

const line = (most: number) => z.string().trim().min(1).max(most)
const day = z.iso.date().nullable()

export const tenantContact = z.strictObject({
  name: line(40),
  phone: z.string().trim().max(40),
  may: z.array(z.enum(contactMay)).max(contactMay.length),
})
export type TenantContact = z.infer<typeof tenantContact>

export const tenancy = z.strictObject({ unit: line(40), kind: z.enum(tenancyKinds), from: day, to: day })
export type Tenancy = z.infer<typeof tenancy>

export const tenantBody = z.strictObject({
  name: line(80),
  short: line(40),
  key: z.boolean(),
  /** Why goods of this tenant are not let out; empty where they are. */
  restriction: z.string().trim().max(200),
  /** The first is whom the desk calls. */
  contacts: z.array(tenantContact).max(20),
  tenancies: z.array(tenancy).max(200),
})
/** The number by which the company's lists know a tenant; it never changes. */
export const tenantId = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,39}$/u, 'letters and digits, at most 40 of them')
export const tenantFile = tenantBody.extend({ id: tenantId })
export type TenantFile = z.infer<typeof tenantFile>
/** `revision`: how often it has been written; whoever changes it says which one he has seen. */
export const tenantView = tenantFile.extend({ revision: z.number().int() })
export type TenantView = z.infer<typeof tenantView>
export const tenantChange = tenantBody.extend({ revision: z.number().int() })
/** What may be collected of a customer, and how much it matters here (R51): must be there, as the case requires, not at all. */
export const dataKinds = ['phone', 'urgent', 'dates', 'seal'] as const
export type DataKind = (typeof dataKinds)[number]
export const dataGrades = ['first', 'second', 'none'] as const
export type DataGrade = (typeof dataGrades)[number]

/** Those that a search finds, the first of them; and how the units are let on the day. */
export const tenantFiles = z.object({
  found: z.number().int(),
  /** `lacks`: what has a grade here and is not there. */
  files: z.array(tenantView.extend({ lacks: z.array(z.enum(dataKinds)) })),
  /** How many who are here lack something of grade 1. */
  lacking: z.number().int(),
  grades: z.record(z.enum(dataKinds), z.enum(dataGrades)),
  units: z.object({ all: z.number().int(), let: z.number().int() }),
})
export type TenantFiles = z.infer<typeof tenantFiles>
export type ListedTenant = TenantFiles['files'][number]

/** A specimen seal; `withdrawnAt`: since when it holds no more, ms since 1970. */
export const sealView = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  at: z.number(),
  by: z.string(),
  withdrawnAt: z.number().nullable(),
})
export type SealView = z.infer<typeof sealView>

/** What was changed, by whom and when, newest first. */
export const recordHistory = z.array(
  z.object({ at: z.number(), by: z.string(), station: z.string(), verb: z.string(), detail: z.record(z.string(), z.unknown()) }),
)
export type RecordHistory = z.infer<typeof recordHistory>
