import { choiceField, longField, ownSignature, thingField } from '../../server/engine/fields.ts'
import type { Register } from '../../server/engine/registers/register.ts'
import { contractorKind } from './thing.ts'

const grade = {
  good: { zh: '好', en: 'good' },
  fair: { zh: '一般', en: 'fair' },
  poor: { zh: '差', en: 'poor' },
} as const

/** Each contractor is reviewed periodically, in writing to the Customer Service Manager, who reads and evaluates: R74 (000 §3.3.17). */
export const contractorReviews: Register = {
  id: 'contractor-reviews',
  prefix: 'PS',
  name: { zh: '服务分包商评审', en: 'Reviews of contractors' },
  purpose: {
    zh: '定期对各服务分包商进行评审，书面报客户服务部经理',
    en: 'Each contractor is reviewed periodically, in writing to the Customer Service Manager',
  },
  source: 'R74 (000 §3.3.17)',
  fields: [
    thingField('contractor', { zh: '服务分包商', en: 'Contractor' }, contractorKind.id),
    choiceField('quality', { zh: '服务质量', en: 'Quality of the service' }, grade),
    choiceField('response', { zh: '到场、响应', en: 'How soon they come' }, grade),
    longField('matters', { zh: '评审意见、须改进的', en: 'Findings, what is to be better' }, 1000),
    ownSignature,
  ],
  about: 'contractor',
  writes: ['front-desk', 'supervisor'],
  sees: ['front-desk', 'supervisor', 'manager', 'general-manager'],
  reads: ['manager'],
  checks: [],
}
