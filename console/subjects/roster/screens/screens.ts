import type { SubjectScreens } from '../../../web/src/kit/subjectScreens.ts'

export const rosterScreens: SubjectScreens = {
  panels: { roster: () => import('./RosterTable.svelte') },
  papers: { roster: () => import('./RosterSheet.svelte') },
}
