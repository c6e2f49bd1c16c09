import type { FormValues } from './formValues.ts'

const prefix = 'zhiban-draft/'

const keep = (key: string, values: FormValues) => {
  try {
    localStorage.setItem(prefix + key, JSON.stringify(values))
  } catch {
    // A browser that stores nothing still lets people work.
  }
}
const read = (key: string): FormValues => {
  try {
    return JSON.parse(localStorage.getItem(prefix + key) ?? '{}') as FormValues
  } catch {
    return {}
  }
}

/** What somebody types and has not saved, kept in this browser: it outlives a lost line and a closed tab. */
export class FormDraft {
  readonly #key: string
  values = $state<FormValues>({})

  constructor(key: string, prefill: FormValues) {
    this.#key = key
    this.values = { ...read(key), ...prefill }
  }

  change(key: string, value: string | boolean) {
    this.values[key] = value
    keep(this.#key, $state.snapshot(this.values))
  }

  drop() {
    try {
      localStorage.removeItem(prefix + this.#key)
    } catch {
      // Nothing was kept.
    }
  }
}
