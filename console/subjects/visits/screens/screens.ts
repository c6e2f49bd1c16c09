import type { SubjectScreens } from '../../../web/src/kit/subjectScreens.ts'

export const visitScreens: SubjectScreens = {
  today: [() => import('./VisitSample.svelte')],
  follows: [() => import('./VisitButton.svelte')],
}
