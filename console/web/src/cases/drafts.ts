import type { FormValues } from './formValues.ts'

const prefix = 'zhiban-draft/'

/** What somebody has typed and not saved, kept in this browser: it outlives a lost line and a closed tab. */
export const keepDraft = (key: string, values: FormValues) => {
  try {
    localStorage.setItem(prefix + key, JSON.stringify(values))
  } catch {
    // A browser that stores nothing still lets people work.
  }
}

export const readDraft = (key: string): FormValues => {
  try {
    return JSON.parse(localStorage.getItem(prefix + key) ?? '{}') as FormValues
  } catch {
    return {}
  }
}

export const dropDraft = (key: string) => {
  try {
    localStorage.removeItem(prefix + key)
  } catch {
    // Nothing was kept.
  }
}
