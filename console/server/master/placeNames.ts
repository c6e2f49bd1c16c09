import type { Language } from '#api/words/languages'
import { textIn } from '#api/words/text'
import type { Words } from '#contract/names'
import { plain } from './importPlan.ts'

/** Places as people write them: by their name, or by their id. */
export const placeNames = (places: readonly { id: string; name: Words }[], language: Language) => {
  const ids = new Map<string, string>()
  const shown = new Map<string, string>()
  for (const { id, name } of places) {
    for (const text of [name.zh, name.en, id]) ids.set(plain(text), id)
    shown.set(id, textIn(language, name))
  }
  // A name that two share means neither of them: there the id is written.
  for (const { id } of places) if (ids.get(plain(shown.get(id) ?? '')) !== id) shown.set(id, id)
  return { idOf: (text: string) => ids.get(plain(text)), shown: (id: string) => shown.get(id) ?? id }
}
export type PlaceNames = ReturnType<typeof placeNames>
