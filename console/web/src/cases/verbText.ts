import type { ProcedureView } from '#api/models/cases'
import type { Ui } from '../state/ui.svelte.ts'

/** What a step is called: as its procedure says, or as every case has it. */
export const verbText = (ui: Pick<Ui, 't' | 'word'>, procedure: ProcedureView, verb: string): string => {
  const own = procedure.verbs[verb]
  return own ? ui.word(own.label) : (ui.t.cases.verbs[verb] ?? verb)
}
