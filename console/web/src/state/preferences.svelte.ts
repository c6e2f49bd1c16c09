import { codes, dictionaryOf, type Language, languages } from '#api/words/languages'
import { type Text, textIn } from '#api/words/text'
import type { Messages } from '#api/words/zh'

export type Theme = 'day' | 'night'

/** Language and theme of this person at this station; both change at once, without a reload. */
export class Preferences {
  #language = $state<Language>(codes.find(c => c === localStorage.getItem('language')) ?? 'zh')
  #theme = $state<Theme>(localStorage.getItem('theme') === 'night' ? 'night' : 'day')

  constructor() {
    this.#apply()
  }

  get t(): Messages {
    return dictionaryOf(this.#language).messages
  }
  get language() {
    return this.#language
  }
  get theme() {
    return this.#theme
  }
  /** Those that may be changed to, by what each calls itself. */
  get others(): { code: Language; name: string }[] {
    return codes.filter(c => c !== this.#language).map(code => ({ code, name: languages[code]?.name ?? code }))
  }
  word = (said: Text): string => textIn(this.#language, said)

  setLanguage(language: Language) {
    this.#language = language
    this.#apply()
  }
  setTheme(theme: Theme) {
    this.#theme = theme
    this.#apply()
  }

  #apply() {
    localStorage.setItem('language', this.#language)
    localStorage.setItem('theme', this.#theme)
    document.documentElement.dataset.theme = this.#theme
    document.documentElement.lang = this.t.locale
  }
}
