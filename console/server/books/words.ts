import type { Words } from '#contract/names'

/** A label as a column keeps it (`_json`): as many languages as it was said in. */
export const wordsIn = (json: string): Words => JSON.parse(json) as Words
