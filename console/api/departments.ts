import type { Words } from '#contract/names'

/** The departments that manual 000 routes matters to (R23's table; requirements 1.2). */
export const departments = {
  'customer-service': { zh: '客户服务部', en: 'Customer service' },
  engineering: { zh: '工程维修部', en: 'Engineering' },
  security: { zh: '安保部', en: 'Security' },
  finance: { zh: '财务部', en: 'Finance' },
  management: { zh: '总经理', en: 'General manager' },
} as const satisfies Record<string, Words>
export type Department = keyof typeof departments
