import type { SubjectScreens } from '../../../web/src/kit/subjectScreens.ts'

export const monthEndScreens: SubjectScreens = {
  pages: {
    charges: {
      words: 'charges',
      group: 'desk',
      icon: 'yen',
      last: true,
      show: who => who.may('see-charges'),
      load: () => import('./ChargesPage.svelte'),
    },
  },
}
