import type { Language } from '#api/words/languages'
import { textIn } from '#api/words/text'
import type { Words } from '#contract/names'
import { plain } from './importPlan.ts'

/** Places as people write them: by their name, or by their id. */
export const placeNames = (places: readonly { id: string; name: Words }[], language: Language) => {
  /** Null where two share it: a name that may mean either means neither. */
  const ids = new Map<string, string | null>()
  for (const { id, name } of places)
    for (const text of new Set([name.zh, name.en].map(plain))) ids.set(text, ids.has(text) ? null : id)
  for (const { id } of places) ids.set(plain(id), id)
  const idOf = (text: string) => ids.get(plain(text)) ?? undefined
  const shown = new Map<string, string>()
  for (const { id, name } of places) {
    const text = textIn(language, name)
    // Of those that share a name the id is written.
    shown.set(id, idOf(text) === id ? text : id)
  }
  return { idOf, shown: (id: string) => shown.get(id) ?? id }
}
export type PlaceNames = ReturnType<typeof placeNames>
