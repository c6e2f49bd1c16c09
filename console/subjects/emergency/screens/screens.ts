import type { SubjectScreens } from '../../../web/src/kit/subjectScreens.ts'

export const emergencyScreens: SubjectScreens = {
  pages: { emergency: { words: 'emergency', group: 'now', load: () => import('./EmergencyPage.svelte') } },
  whileLocked: [() => import('./ReportByHand.svelte')],
}
