import { en } from '#api/words/en'
import { type Messages, zh } from '#api/words/zh'
import type { Words } from '#contract/names'

export type Language = 'zh' | 'en'
export type Theme = 'day' | 'night'

/** Language and theme of this person at this station; both change at once, without a reload. */
export class Preferences {
  #language = $state<Language>(localStorage.getItem('language') === 'en' ? 'en' : 'zh')
  #theme = $state<Theme>(localStorage.getItem('theme') === 'night' ? 'night' : 'day')

  constructor() {
    this.#apply()
  }

  get t(): Messages {
    return this.#language === 'zh' ? zh : en
  }
  get language() {
    return this.#language
  }
  get theme() {
    return this.#theme
  }
  /** The right one of two words. */
  word = (w: Words): string => w[this.#language]

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
