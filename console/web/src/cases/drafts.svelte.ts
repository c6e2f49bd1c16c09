import { ulid } from 'ulid'
import type { FormValues } from './formValues.ts'

const prefix = 'zhiban-draft/'
type Kept = { values: FormValues; typed: string[]; sentAs?: string }

const keep = (key: string, kept: Kept) => {
  try {
    localStorage.setItem(prefix + key, JSON.stringify(kept))
  } catch {
    // A browser that stores nothing still lets people work.
  }
}
const read = (key: string): Kept | undefined => {
  try {
    return JSON.parse(localStorage.getItem(prefix + key) ?? 'null') ?? undefined
  } catch {
    return undefined
  }
}

export const dropDraft = (key: string) => {
  try {
    localStorage.removeItem(prefix + key)
  } catch {
    // Nothing was kept.
  }
}

/**
 * What somebody types and has not saved, kept in this browser under what it is about: it outlives a lost line and a closed
 * tab. What is known beforehand fills the fields that nobody has typed into, and no others.
 */
export class FormDraft {
  readonly #key: string
  readonly #typed: Set<string>
  values = $state<FormValues>({})
  /** Made here and kept with the words, so that a form that is sent twice is one record, also after a reload. */
  readonly sentAs: string

  constructor(key: string) {
    const kept = read(key)
    this.#key = key
    this.#typed = new Set(kept?.typed)
    this.values = kept?.values ?? {}
    this.sentAs = kept?.sentAs ?? ulid()
  }

  fill(known: FormValues) {
    for (const [key, value] of Object.entries(known)) if (!this.#typed.has(key)) this.values[key] = value
  }

  change(key: string, value: string | boolean) {
    this.values[key] = value
    this.#typed.add(key)
    keep(this.#key, { values: $state.snapshot(this.values), typed: [...this.#typed], sentAs: this.sentAs })
  }

  drop() {
    dropDraft(this.#key)
  }
}
