import type { Words } from '#contract/names'
import type { Role } from './rights.ts'

/** The departments that manual 000 routes matters to (R23's table; requirements 1.2). */
export const departments = {
  'customer-service': { zh: '客户服务部', en: 'Customer service' },
  engineering: { zh: '工程维修部', en: 'Engineering' },
  security: { zh: '安保部', en: 'Security' },
  finance: { zh: '财务部', en: 'Finance' },
  management: { zh: '总经理', en: 'General manager' },
} as const satisfies Record<string, Words>
/** Whose matter it is there: these roles are told, and find it on their day. */
export const departmentRoles: Readonly<Record<Department, readonly Role[]>> = {
  'customer-service': ['front-desk', 'supervisor'],
  engineering: ['engineer'],
  security: ['guard', 'operator'],
  finance: ['finance'],
  management: ['general-manager'],
}
export type Department = keyof typeof departments
/** Whose matters somebody is asked about: those of his department, or all, for the desk and those above it. */
export const departmentsOf = (held: readonly Role[]): Department[] | 'all' =>
  held.some(r => ['front-desk', 'supervisor', 'manager', 'general-manager', 'finance'].includes(r))
    ? 'all'
    : (Object.keys(departmentRoles) as Department[]).filter(d => departmentRoles[d].some(r => held.includes(r)))
