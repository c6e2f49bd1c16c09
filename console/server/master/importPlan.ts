import { createHash } from 'node:crypto'
import type { ImportPreview, ImportProblem, ImportProblemCode, ImportRow } from '#api/models/imports'
import type { Language } from '#api/words/languages'
import { textIn } from '#api/words/text'
import type { Words } from '#contract/names'
import type { Grid } from './sheetFile.ts'

/** A line of a table by the keys of its columns, in the one spelling in which the console would write it. */
export type Line = Readonly<Record<string, string>>
type Wrong = { wrong: ImportProblemCode; about?: string }

export type Column = {
  key: string
  /** By either name it is found in the first line of a table. */
  name: Words
  /** Must be there, and filled. */
  needed?: boolean
  /** The one spelling of what somebody has written, or what is wrong with it; never asked about an empty cell. */
  read(text: string): string | Wrong
}

/** A line of the table with its number there. */
export type Numbered = { line: number; values: Line }
export type Change = { values: Line; standing: Line | null }

/** What comes in from a table: its columns, and what stands there now in the same columns. */
export type SheetKind = {
  columns: readonly Column[]
  /** Which of the lines that stand here a line of the table means; null: none, it is new. */
  standing(line: Line): Line | null
  /** A line with what goes without saying where a cell is empty. */
  complete(line: Line): Line
  /** What a line is about: how much of that stands here and is not in the table is told. */
  subject(line: Line): string
  subjects: number
  /** What is wrong with lines beside each other and beside what stands here, by their numbers. */
  check(changes: readonly (Numbered & Change)[]): readonly (ImportProblem & { line: number })[]
  /** Lines of templates that show how others are filled in, in each language: they mean nobody. */
  examples?: readonly Line[]
}

export type Plan = { preview: ImportPreview; changes: readonly Change[] }

const mostShown = 300
/** A, B, ... Z, AA as sheets count their columns. */
export const letterOf = (index: number): string =>
  index < 26 ? String.fromCharCode(65 + index) : letterOf(Math.floor(index / 26) - 1) + letterOf(index % 26)

/** Digits, letters and signs in the one width in which numbers, days and ids are written; names keep theirs. */
export const narrow = (text: string): string => text.normalize('NFKC')
/** A name without what people write otherwise every time: spaces, width, case, the star of a column that must be filled. */
export const plain = (text: string): string => narrow(text).replace(/[\s*]/g, '').toLowerCase()

/** Where the columns stand in a table: by their names in either language, in any order. */
const placesOf = (head: readonly string[], columns: readonly Column[]) => {
  const names = head.map(plain)
  return columns.map(c =>
    names.findIndex(n => n !== '' && (n === plain(c.name.zh) || n === plain(c.name.en) || n === plain(c.key))),
  )
}

const isExample = (cells: readonly string[], here: readonly Placed[], examples: readonly Line[]) =>
  here.length > 1 && examples.some(example => here.every(c => (cells[c.at] ?? '') === (example[c.key] ?? '')))
const isEmpty = (cells: readonly string[]) => cells.every(c => c === '')

/**
 * What a table would change: every error at once with its line and column, what is new, what changes, what is the same. A column that
 * the table does not have is left as it stands. Pure: the same table beside the same books is the same plan.
 */
export const planImport = (grid: Grid, kind: SheetKind): Plan => {
  const [head = [], ...body] = grid
  const places = placesOf(head, kind.columns)
  const columns = kind.columns.map((c, i) => ({ ...c, at: places[i] ?? -1 }))
  const here = columns.filter(c => c.at >= 0)
  const absent = columns.filter(c => c.at < 0 && c.needed)
  const read = body
    .map((cells, i) => ({ cells, line: i + 2 }))
    .filter(({ cells }) => !isEmpty(cells) && !isExample(cells, here, kind.examples ?? []))
    .map(({ cells, line }) => readLine(cells, line, here, absent))
  const blank = Object.fromEntries(columns.map(c => [c.key, '']))
  const whole = read.map(r => {
    const standing = kind.standing(r.values)
    // What a table leaves out stays as it stands.
    return { ...r, standing, values: kind.complete({ ...blank, ...standing, ...r.values }) }
  })
  const byLine = new Map(whole.map(r => [r.line, r]))
  for (const { line, ...problem } of kind.check(whole.filter(r => r.problems.length === 0)))
    byLine.get(line)?.problems.push(problem)

  const differs = (line: Line, was: Line) => columns.some(c => (line[c.key] ?? '') !== (was[c.key] ?? ''))
  const rows: ImportRow[] = []
  const changes: Change[] = []
  let same = 0
  for (const { line, values, standing, problems } of whole) {
    const what = problems.length > 0 ? 'wrong' : standing === null ? 'new' : differs(values, standing) ? 'changed' : 'same'
    if (what === 'same') {
      same++
      continue
    }
    if (what !== 'wrong') changes.push({ values, standing })
    const was = here.map(c => (what === 'changed' && standing?.[c.key] !== values[c.key] ? (standing?.[c.key] ?? '') : null))
    rows.push({ line, what, cells: here.map(c => values[c.key] ?? ''), was, problems })
  }
  const count = (what: ImportRow['what']) => rows.filter(r => r.what === what).length
  const order = { wrong: 0, new: 1, changed: 2 }
  const met = new Set(whole.flatMap(r => (r.standing ? [kind.subject(r.standing)] : [])))
  const digest = createHash('sha256').update(JSON.stringify(changes)).digest('hex')
  return {
    changes,
    preview: {
      columns: here.map(c => ({ key: c.key, name: c.name, letter: letterOf(c.at) })),
      counts: {
        ...{ new: count('new'), changed: count('changed'), same, wrong: count('wrong') },
        elsewhere: kind.subjects - met.size,
      },
      rows: rows.sort((a, b) => order[a.what] - order[b.what] || a.line - b.line).slice(0, mostShown),
      unread: head.filter((h, i) => h !== '' && !places.includes(i)),
      digest,
    },
  }
}

type Placed = Column & { at: number }

const readLine = (cells: readonly string[], line: number, here: readonly Placed[], absent: readonly Placed[]) => {
  const values: Record<string, string> = {}
  const problems: ImportProblem[] = absent.map(c => ({ column: c.key, code: 'missing', about: '' }))
  for (const c of here) {
    const text = cells[c.at] ?? ''
    values[c.key] = text
    if (text === '') {
      if (c.needed) problems.push({ column: c.key, code: 'missing', about: '' })
      continue
    }
    const result = c.read(text)
    if (typeof result === 'string') values[c.key] = result
    else problems.push({ column: c.key, code: result.wrong, about: result.about ?? '' })
  }
  return { line, values: values as Line, problems }
}

/** Lines that are about the same, by what they are about: each but the first is told, with the line of the first. */
export const twiceIn = (changes: readonly Numbered[], column: string, about: (line: Line) => string) => {
  const first = new Map<string, number>()
  const found: (ImportProblem & { line: number })[] = []
  for (const { line, values } of changes) {
    const before = first.get(about(values))
    if (before === undefined) first.set(about(values), line)
    else found.push({ line, column, code: 'twice', about: String(before) })
  }
  return found
}

/** A text of at most so many characters. */
export const textColumn = (most: number) => (text: string) => (text.length > most ? { wrong: 'too-long' as const } : text)

/** A telephone number. */
export const phoneColumn = (text: string) => textColumn(40)(narrow(text))

/** A day: 2026-11-29, 2026/11/29, 2026.11.29, 2026年11月29日. */
export const dayColumn = (text: string): string | Wrong => {
  const [, y = '', m = '', d = ''] = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(narrow(text)) ?? []
  const day = `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`
  const at = new Date(`${day}T00:00:00Z`)
  // The 30th of February is another day.
  const real = !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day)
  return real ? day : { wrong: 'not-a-date' }
}

/** One of a few words, in either language or as the console calls it; written in one of them. */
export const choiceColumn =
  (choices: Readonly<Record<string, Words>>, language: Language) =>
  (text: string): string | Wrong => {
    const found = Object.entries(choices).find(([key, w]) => [key, w.zh, w.en].some(x => plain(x) === plain(text)))
    const all = Object.values(choices).map(w => textIn(language, w))
    return found ? textIn(language, found[1]) : { wrong: 'not-a-choice', about: all.join(' / ') }
  }
/** Which of the words a cell says. */
export const choiceIn = <K extends string>(choices: Readonly<Record<K, Words>>, text: string): K | undefined =>
  (Object.keys(choices) as K[]).find(k => choices[k].zh === text || choices[k].en === text)

export const yesNo = { yes: { zh: '是', en: 'yes' }, no: { zh: '否', en: 'no' } } as const
