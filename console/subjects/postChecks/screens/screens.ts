import type { SubjectScreens } from '../../../web/src/kit/subjectScreens.ts'

export const postCheckScreens: SubjectScreens = {
  pages: {
    'post-checks': {
      words: 'postChecks',
      group: 'shift',
      icon: 'userCheck',
      rare: true,
      load: () => import('./PostChecksPage.svelte'),
    },
  },
  bars: [() => import('./PostCheckBar.svelte')],
}
