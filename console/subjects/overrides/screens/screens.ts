import type { SubjectScreens } from '../../../web/src/kit/subjectScreens.ts'

export const overridesScreens: SubjectScreens = {
  pages: {
    overrides: { words: 'overrides', group: 'shift', icon: 'hand', load: () => import('./OverridesPage.svelte') },
  },
}
