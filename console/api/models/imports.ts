import { z } from 'zod'
import { words } from '#contract/names'

/** What can come in from a table, and go out as one. */
export const importKinds = ['people', 'tenants', 'units', 'days', 'prices'] as const
export type ImportKind = (typeof importKinds)[number]
/** Those, and the site's own things of a kind. */
export type TableKind = ImportKind | `things-${string}`

/** Lists that come in from a table (Excel, CSV): what would change is shown before anything is stored (looks: people). */

export const importProblems = [
  'missing',
  'twice',
  'unknown-post',
  'unknown-unit',
  'unknown-device',
  'not-a-date',
  'not-a-choice',
  'not-a-name',
  'too-long',
  'dates-backwards',
  'differs',
  'unit-taken',
  'name-taken',
  'not-days',
  'not-a-slug',
  'unknown-floor',
  'of-site-file',
  'unit-named',
  'unknown-zone',
  'not-a-price',
  'not-minutes',
  'priced-already',
  'price-told',
  'end-in-the-past',
] as const
export type ImportProblemCode = (typeof importProblems)[number]

/** What is wrong with one cell, by its column; `about`: what it is in the way of, a line or a name. */
export const importProblem = z.object({ column: z.string(), code: z.enum(importProblems), about: z.string() })
export type ImportProblem = z.infer<typeof importProblem>

export const importRow = z.object({
  /** As the table numbers its lines; the names of the columns are line 1. */
  line: z.number().int(),
  what: z.enum(['wrong', 'new', 'changed']),
  cells: z.array(z.string()),
  /** What stands there now, where it is something else. */
  was: z.array(z.string().nullable()),
  problems: z.array(importProblem),
})
export type ImportRow = z.infer<typeof importRow>

export const importPreview = z.object({
  /** Those of the table, in its order, with the letters that it has for them. */
  columns: z.array(z.object({ key: z.string(), name: words, letter: z.string() })),
  counts: z.object({
    new: z.number().int(),
    changed: z.number().int(),
    same: z.number().int(),
    wrong: z.number().int(),
    /** Stored here and not in the table: they stay as they are. */
    elsewhere: z.number().int(),
  }),
  /** What is wrong first, then what changes; the first of many. */
  rows: z.array(importRow),
  /** Names of columns in the table that nothing is made of. */
  unread: z.array(z.string()),
  /** Stands for what would be stored; said again to store exactly that. */
  digest: z.string(),
})
export type ImportPreview = z.infer<typeof importPreview>

export const importAnswer = z.object({
  stored: z.boolean(),
  /** What it would change, or has changed. */
  preview: importPreview,
  /** One-time passwords of those whom it has added, shown this once. */
  passwords: z.array(z.object({ name: z.string(), display: z.string(), password: z.string() })),
})
export type ImportAnswer = z.infer<typeof importAnswer>

export const sheetTypes = ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'text/csv'] as const
export const mostSheetBytes = 5_000_000
export const mostSheetRows = 20_000
