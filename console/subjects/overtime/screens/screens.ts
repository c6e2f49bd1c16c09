import type { SubjectScreens } from '../../../web/src/kit/subjectScreens.ts'
import { bookFor } from './book.ts'

export const overtimeScreens: SubjectScreens = {
  pages: {
    overtime: { words: 'overtime', load: () => import('./OvertimePage.svelte') },
    prices: {
      words: 'prices',
      group: 'site',
      icon: 'yen',
      rare: true,
      master: 4,
      show: who => who.may('see-charges'),
      load: () => import('./PricesPage.svelte'),
    },
  },
  open: { air: () => import('./AirPage.svelte') },
  papers: { overtime: () => import('./OvertimeSheet.svelte') },
  calls: { overtime: bookFor },
}
