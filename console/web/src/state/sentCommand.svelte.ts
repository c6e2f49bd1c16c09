import { isFinalStep } from '#contract/journal'
import type { PersonAct } from '#contract/messages'
import { ask } from '../live/api.ts'
import type { Ui } from './ui.svelte.ts'

/** The last command that was sent from one place of a screen, and what has become of it. */
export class SentCommand {
  readonly #ui: Ui
  #id = $state<string | null>(null)
  readonly #command = $derived.by(() => (this.#id === null ? undefined : this.#ui.live.commands.get(this.#id)))
  /** On its way: not to be sent again. */
  readonly waiting = $derived.by(() => {
    const step = this.#command?.step ?? 'sent'
    return this.#id !== null && (step === 'sent' || !isFinalStep(step))
  })
  /** Why the agent has not done it; empty while nothing is known against it. */
  readonly refusal = $derived.by(() => {
    const reason = this.#command?.reason
    return reason ? (this.#ui.t.refusal[reason] ?? reason) : ''
  })

  constructor(ui: Ui) {
    this.#ui = ui
  }

  /** Throws what the server refuses. */
  async send(act: PersonAct, reason: string): Promise<void> {
    this.#id = (await ask('POST /commands', { body: { act, reason } })).id
  }
}
