import { isLatched } from '#api/linkageTimes'
import type { CaseFull } from '#api/models/cases'
import type { Text } from '#api/words/text'
import type { Messages } from '#api/words/zh'

/** What a ticket still lacks before it may be closed, a sentence each; the server has the last word. Pure. */
export const missingToClose = (ticket: CaseFull, t: Messages, word: (said: Text) => string): string[] => {
  // What a person has reported is over when a person says so.
  const standing = ticket.alarms.filter(a => a.returnedAt === null && a.source !== 'reported')
  const unacked = ticket.alarms.filter(a => a.ackedAt === null)
  const steps = ticket.steps.filter(s => s.doneAt === null && s.aside === null)
  const say = (what: string, names: string[]) => (names.length > 0 ? [`${what}${t.marks.says}${names.join(t.marks.list)}`] : [])
  return [
    ...say(
      t.emergency.lacksReturn,
      standing.map(a => word(a.name)),
    ),
    ...(ticket.form['kind'] === 'fire' && isLatched(ticket.linkages) ? [t.emergency.lacksRelease] : []),
    ...say(
      t.emergency.lacksAck,
      unacked.map(a => word(a.name)),
    ),
    ...say(
      t.emergency.lacksSteps,
      steps.map(s => String(s.n)),
    ),
  ]
}
