import type { SubjectScreens } from '../../../web/src/kit/subjectScreens.ts'

export const callScreens: SubjectScreens = { today: [() => import('./ArrivalsToday.svelte')] }
