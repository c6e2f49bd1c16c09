import type { CaseLine, LineListView } from '#api/models/cases'
import type { Desk } from '../state/desk.svelte.ts'

type Fact = { at: number; by: string } & Record<string, unknown>

/** The steps that were taken of a row, in their order, by whom and when. */
export const stepsTaken = (line: CaseLine): { verb: string; fact: Fact }[] =>
  Object.entries(line.facts)
    .map(([verb, f]) => ({ verb, fact: f as Fact }))
    .sort((a, b) => a.fact.at - b.fact.at)

/** What was said with one, but for the name of whoever took it, which stands beside it. */
export const saidWith = (
  desk: Pick<Desk, 'wordOf'>,
  list: LineListView,
  { verb, fact }: { verb: string; fact: Fact },
): string[] =>
  (list.steps[verb]?.asks ?? []).map(f => desk.wordOf(f, fact[f.key], fact)).filter(text => text !== '' && text !== fact.by)
