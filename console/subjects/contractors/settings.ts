import { monthNumbers, setting } from '../../server/site/settings.ts'

/** 000 §3.3.17 says periodically and gives no number: nothing is owed until the site says in which months. */
export const contractorReviewMonths = setting({
  key: 'contractor-review-months',
  name: { zh: '服务分包商评审在哪几个月（空为不定期）', en: 'Contractors reviewed in which months (empty: at no fixed time)' },
  source: 'R74, T89',
  unit: 'text',
  schema: monthNumbers,
  default: '',
})
