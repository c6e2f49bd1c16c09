import type { SubjectScreens } from '../../../web/src/kit/subjectScreens.ts'

export const gateScreens: SubjectScreens = {
  pages: {
    gate: {
      ...{ words: 'gate', group: 'shift', icon: 'truck', load: () => import('./GatePage.svelte') },
      show: who => who.may('see-gate'),
    },
  },
}
