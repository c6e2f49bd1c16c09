import type { CaseEvent, CaseFull } from '#api/models/cases'
import type { Text } from '#api/words/text'
import { escalation } from '../../../web/src/forms/toldText.ts'
import type { Ui } from '../../../web/src/state/ui.svelte.ts'

/** Who did it and why, or who its witnesses were, is what there is to say about these. */
const byPeople: ReadonlySet<string> = new Set(['by-hand', 'withheld', 'test-begun', 'test-ended'])

/** What a line of a ticket's record says. */
export const recordText =
  (ui: Pick<Ui, 't' | 'f' | 'word'>, ticket: CaseFull) =>
  (e: CaseEvent): string => {
    const verb = ui.t.emergency.verbs[e.verb] ?? e.verb
    const name = e.detail['name'] as Text | undefined
    const n = e.detail['n'] as number | undefined
    // A call counts the steps of its own chain.
    const step = e.verb.startsWith('step-') ? ticket.steps.find(s => s.n === n) : undefined
    const until = e.detail['until'] as number | undefined
    const causes = byPeople.has(e.verb) ? (e.detail['causes'] as { what: { zh: string; en: string } }[] | undefined) : undefined
    const end = until === undefined ? [] : [ui.t.time.until(ui.f.near(until, e.at))]
    const what = causes
      ? [...causes.map(c => ui.word(c.what)), ...end].join(ui.t.marks.list)
      : name
        ? ui.word(name)
        : step
          ? `${step.n} ${ui.word(step.text)}`
          : ''
    const escalated = e.verb === 'step-overdue' ? escalation(ticket.told, e.detail['notice'], ui.t, ui.f) : ''
    const names =
      e.verb === 'told' || e.verb === 'called-out'
        ? ((e.detail['told'] as string[] | undefined) ?? []).join(ui.t.marks.list) || ui.t.emergency.toldNobody
        : ''
    return [verb, what, names, escalated, e.note].filter(x => x !== '').join(ui.t.marks.says)
  }
