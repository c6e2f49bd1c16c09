import { createStore, del, set, values } from 'idb-keyval'
import { ulid } from 'ulid'
import { hadNoAnswer, Refused } from './api.ts'
import { sendFile } from './sendFile.ts'

type Kept = { id: string; user: string; caseId: string; file: File; refused: boolean }
/** A photo or document that this browser still has to send; `url` shows it as long as it waits. */
export type WaitingFile = Kept & { url: string }

/** Whoever has to sign in or unlock first sends it then; a console that has too much to do takes it later. */
const waits = (e: unknown) => hadNoAnswer(e) || (e instanceof Refused && ([401, 429].includes(e.status) || e.code === 'locked'))
const againMs = 15_000

/**
 * Photos and documents on their way to their cases. Each is kept in this browser first, under whoever took it, and leaves it when the
 * console has it: a lost line, a closed tab and a flat battery lose none. One that is sent twice is one attachment.
 */
export class WaitingFiles {
  list = $state.raw<readonly WaitingFile[]>([])
  /** How many have arrived since the page was loaded. */
  arrived = $state(0)
  #user: string | undefined
  #sending = false
  #again: ReturnType<typeof setTimeout> | undefined
  readonly #store = createStore('zhiban', 'waiting-files')

  async load(user: string): Promise<void> {
    this.forget()
    this.#user = user
    // A browser that stores nothing keeps them as long as the page is open.
    const kept = await values<Kept>(this.#store).catch(() => [])
    if (this.#user === user) this.list = kept.filter(k => k.user === user).map(shown)
  }

  forget(): void {
    clearTimeout(this.#again)
    for (const w of this.list) URL.revokeObjectURL(w.url)
    this.list = []
    this.#user = undefined
  }

  async add(caseId: string, file: File): Promise<void> {
    if (this.#user === undefined) return
    const kept: Kept = { id: ulid(), user: this.#user, caseId, file, refused: false }
    this.list = [...this.list, shown(kept)]
    await this.#keep(kept)
  }

  async drop(id: string): Promise<void> {
    const gone = this.list.find(w => w.id === id)
    if (gone) URL.revokeObjectURL(gone.url)
    this.list = this.list.filter(w => w.id !== id)
    await del(id, this.#store).catch(() => undefined)
  }

  /** Sends what waits, one after the other, until there is no answer. Gives why the last one was refused. */
  async send(): Promise<unknown> {
    if (this.#sending) return undefined
    this.#sending = true
    clearTimeout(this.#again)
    try {
      for (;;) {
        const next = this.list.find(w => !w.refused)
        if (!next) return undefined
        try {
          await sendFile(`/cases/${next.caseId}/attachments`, next.file)
          this.arrived++
          await this.drop(next.id)
        } catch (e) {
          if (waits(e)) {
            this.#again = setTimeout(() => void this.send(), againMs)
            return e
          }
          const { url: _, ...kept } = { ...next, refused: true }
          this.list = this.list.map(w => (w.id === next.id ? { ...w, refused: true } : w))
          await this.#keep(kept)
          return e
        }
      }
    } finally {
      this.#sending = false
    }
  }

  #keep(kept: Kept): Promise<void> {
    return set(kept.id, kept, this.#store).catch(() => undefined)
  }
}

const shown = (kept: Kept): WaitingFile => ({ ...kept, url: URL.createObjectURL(kept.file) })
