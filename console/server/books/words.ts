import type { Text } from '#api/words/text'
import type { Words } from '#contract/names'

/** A label of the site as a column keeps it (`_json`): in as many languages as it was written in. */
export const wordsIn = (json: string): Words => JSON.parse(json) as Words

/** What the console wrote or sent, as a column keeps it: said in the language of whoever reads it. */
export const textOf = (json: string): Text => JSON.parse(json) as Text
