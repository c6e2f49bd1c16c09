import type { SubjectScreens } from '../../../web/src/kit/subjectScreens.ts'

export const priceListScreens: SubjectScreens = { onCall: [() => import('./PriceLookup.svelte')] }
