import type { SubjectScreens } from '../../../web/src/kit/subjectScreens.ts'

export const selfServiceScreens: SubjectScreens = {
  pages: {
    'customer-links': {
      ...{ words: 'customerLinks', group: 'site', icon: 'scroll', rare: true },
      show: who => who.may('keep-tenants'),
      load: () => import('./CustomerLinksPage.svelte'),
    },
  },
  open: { door: () => import('./DoorPage.svelte'), mine: () => import('./MinePage.svelte') },
}
