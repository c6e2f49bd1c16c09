import type { ShadowAction, ShadowReport } from './models/drills.ts'
import { say, type Text } from './words/text.ts'

const named = (actions: readonly ShadowAction[], word: (said: Text) => string, pause: string) =>
  actions.map(a => `${word(a.name)}${a.why === null ? '' : ` (${word(a.why)})`}`).join(pause)

/** What a shadow says in sentences, the worst first: what would not happen, of what nobody can say, whom it would not reach. Pure. */
export const shadowSentences = (
  r: ShadowReport,
  word: (said: Text) => string,
  pause: string,
): { text: string; bad: boolean }[] => {
  const of = (would: ShadowAction['would']) => r.actions.filter(a => a.would === would)
  const [no, unknown, blind] = [of('no'), of('unknown'), of('blind')]
  const alone = r.steps.filter(s => s.people.length === 0)
  const all = r.actions.length
  const lines: { said: Text; bad: boolean }[] = []
  const add = (bad: boolean, said: Text) => lines.push({ said, bad })
  if (all === 0) add(false, say.shadow.noActions)
  else if (no.length + unknown.length + blind.length === 0) add(false, say.shadow.allGood(all))
  if (no.length > 0) add(true, say.shadow.summary(no.length, all, named(no, word, pause)))
  if (unknown.length > 0) add(true, say.shadow.unsure(unknown.length, named(unknown, word, pause)))
  if (blind.length > 0) add(true, say.shadow.blindSum(blind.length, named(blind, word, pause)))
  add(r.detectors.able < r.detectors.needed, say.shadow.detectors(r.detectors.able, r.detectors.all, r.detectors.needed))
  if (alone.length > 0) add(true, say.shadow.nobody(alone.map(s => s.n).join(pause)))
  if (r.deadChannels.length > 0) add(true, say.shadow.dead(r.deadChannels.map(d => `${word(d.name)} (${d.why})`).join(pause)))
  return lines.map(({ said, bad }) => ({ text: word(said), bad }))
}
