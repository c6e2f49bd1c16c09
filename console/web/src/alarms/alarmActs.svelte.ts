import { SvelteSet } from 'svelte/reactivity'
import type { Alarm } from '#api/models/live'
import { ask } from '../live/api.ts'
import type { Ui } from '../state/ui.svelte.ts'

/** What the console takes at once. */
const atOnce = 500

/** What somebody does about alarms in their list; what was refused stands in `error`. */
export class AlarmActs {
  error = $state('')
  /** Acknowledged here; the console has not said so yet. */
  readonly #sent = new SvelteSet<string>()
  readonly #ui: Ui

  constructor(ui: Ui) {
    this.#ui = ui
  }

  isSent(id: string): boolean {
    return this.#sent.has(id)
  }

  failed(e: unknown, about: Alarm) {
    this.error = `${this.#ui.word(about.name)}${this.#ui.t.marks.says}${this.#ui.sentence(e)}`
  }

  acknowledge(alarm: Alarm) {
    this.error = ''
    if (alarm.ackedAt !== null || this.#sent.has(alarm.id)) return
    this.#sent.add(alarm.id)
    ask('POST /alarms/:id/ack', { params: { id: alarm.id }, body: {} }).catch(e => {
      this.#sent.delete(alarm.id)
      this.failed(e, alarm)
    })
  }

  /** In parts; what the console does not take is to be acknowledged still. */
  async acknowledgeSeen(ids: readonly string[]) {
    this.error = ''
    for (let i = 0; i < ids.length; i += atOnce) {
      const some = ids.slice(i, i + atOnce)
      for (const id of some) this.#sent.add(id)
      try {
        await ask('POST /alarms/ack', { body: { ids: some } })
      } catch (e) {
        this.error = this.#ui.sentence(e)
      }
      for (const id of some) if (this.#ui.live.alarms.get(id)?.ackedAt == null) this.#sent.delete(id)
    }
  }

  own(alarm: Alarm) {
    this.error = ''
    ask('POST /alarms/:id/own', { params: { id: alarm.id } }).catch(e => this.failed(e, alarm))
  }
}
