import { z } from 'zod'
import { month } from '../instant.ts'
import { language } from '../language.ts'
import { caller, found, registerEntry, registerView } from '../models/registers.ts'
import type { RouteTable } from '../route.ts'

export const findRoutes = {
  'GET /search': {
    summary: 'Finds cases and register entries by Chinese, pinyin, initials, phone or form number',
    query: z.object({ q: z.string().max(80), limit: z.coerce.number().int().min(1).max(100).default(30) }),
    answer: z.array(found),
  },
  'GET /callers': {
    summary: 'Tenants by phone number or name, with their places and their last five matters',
    right: 'see-tenants',
    query: z.object({ q: z.string().trim().min(1).max(60) }),
    answer: z.array(caller),
  },
  'GET /registers': {
    summary: 'The registers of this desk as data',
    answer: z.array(registerView),
  },
  'GET /registers/:register/entries': {
    summary: 'Entries of a register, newest first',
    params: z.object({ register: z.string().max(40) }),
    query: z.object({
      limit: z.coerce.number().int().min(1).max(500).default(100),
      /** All of one month instead of the newest. */
      month: month.optional(),
    }),
    answer: z.array(registerEntry),
  },
  'GET /registers/:register/sheet.:kind': {
    summary: 'A month of a register for a spreadsheet, oldest first as on paper; formulas cannot hide in it',
    params: z.object({ register: z.string().max(40), kind: z.enum(['csv', 'xlsx']) }),
    query: z.object({ month, language }),
  },
  'POST /registers/:register/entries': {
    summary: 'Writes an entry; a correction names the entry that it puts right',
    params: z.object({ register: z.string().max(40) }),
    body: z.strictObject({
      form: z.record(z.string().max(40), z.unknown()),
      caseId: z.string().max(40).nullable().default(null),
      corrects: z.string().max(40).nullable().default(null),
      /** A name of the sender's making: sent twice, it is one entry. */
      sentAs: z.ulid().nullable().default(null),
    }),
    answer: registerEntry,
  },
  'POST /registers/:register/closings': {
    summary: 'Closes open entries, several at once: returned, collected, handed over; all of them or none',
    params: z.object({ register: z.string().max(40) }),
    body: z.strictObject({
      entries: z.array(z.string().max(40)).min(1).max(200),
      said: z.record(z.string().max(40), z.unknown()).default({}),
    }),
  },
  'POST /registers/:register/entries/:id/:as': {
    summary: 'Signs that an entry has been read, or spot-checked, or that what was due of it has been done',
    params: z.object({ register: z.string().max(40), id: z.string().max(40), as: z.enum(['read', 'check', 'meet']) }),
  },
  'GET /registers/:register/checks': {
    summary: "How much of this month's entries has been checked, and how much is still owed (R64)",
    params: z.object({ register: z.string().max(40) }),
    answer: z.record(z.string(), z.number()),
  },
} as const satisfies RouteTable
