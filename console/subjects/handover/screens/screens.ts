import type { SubjectScreens } from '../../../web/src/kit/subjectScreens.ts'

export const handoverScreens: SubjectScreens = {
  panels: { handover: () => import('./HandoverItems.svelte') },
  today: [() => import('./HandoverReady.svelte')],
}
