import type { ProcedureView } from '#api/models/cases'
import { type ScreenGroup, type ScreenIcon, screenGroups } from '#api/screens'
import type { Words } from '#contract/names'
import type { Screen, ScreenPicture, Viewer } from '../kit/screen.ts'

/** A page as the navigation shows it; a screen is called by its words in the dictionaries, a list as its definition says. */
export type NavItem = {
  path: string
  words: Screen['words'] | Words
  icon: ScreenIcon | ScreenPicture
  /** In sight from everywhere. */
  pinned: boolean
  /** The procedure whose open cases are counted. */
  counts: ProcedureView | null
}

/** The pages that somebody may open, in their groups: screens, then the lists of the procedures that he sees, then what comes last. */
export const pagesOf = (
  screens: Readonly<Record<string, Screen>>,
  procedures: readonly ProcedureView[],
  who: Viewer,
): { group: ScreenGroup; items: NavItem[] }[] => {
  const shown = Object.entries(screens).filter(([, s]) => s.show?.(who) ?? true)
  return screenGroups
    .map(group => {
      const screen = (last: boolean) =>
        shown
          .filter(([, s]) => s.group === group && (s.last ?? false) === last)
          .map(([path, s]): NavItem => {
            const counts = procedures.find(p => p.id === path) ?? null
            return { path, words: s.words, icon: s.icon ?? counts?.list.icon ?? 'paper', pinned: s.rare !== true, counts }
          })
      const lists = procedures
        .filter(p => p.list.group === group && !(screens[p.id]?.group !== undefined))
        .map((p): NavItem => {
          const own = screens[p.id]
          const { name, icon, pinned } = p.list
          return { path: p.id, words: own?.words ?? name, icon, pinned: pinned || own !== undefined, counts: own ? null : p }
        })
      return { group, items: [...screen(false), ...lists, ...screen(true)] }
    })
    .filter(g => g.items.length > 0)
}
