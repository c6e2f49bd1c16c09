/** Rights belong to roles; posts (客户关系主管 ...) are site data mapped to roles (design §6). */
export const roles = [
  'operator',
  'guard',
  'front-desk',
  'supervisor',
  'engineer',
  'manager',
  'general-manager',
  'finance',
  'administrator',
  'security',
  'auditor',
] as const
export type Role = (typeof roles)[number]

/**
 * System, security and audit administrator: who sets up, who lets people in, who looks at what both have done. A site that separates
 * them (等级保护, GB/T 22239-2019 8.1.5) has nobody who is two of them.
 */
export const powers = ['administrator', 'security', 'auditor'] as const satisfies readonly Role[]
export const isTwoPowers = (held: readonly Role[]): boolean => powers.filter(p => held.includes(p)).length > 1

/** Who may do what outside of procedures; procedures name the roles of each of their steps themselves. */
export const rights = {
  'see-live': roles,
  'raise-emergency': ['operator', 'guard', 'front-desk', 'supervisor', 'engineer', 'manager', 'general-manager'],
  'see-alarms': roles,
  // Their stations never go blind: past the limits of a session they still show.
  'keep-watch': ['operator', 'guard'],
  'act-on-alarms': ['operator', 'guard', 'supervisor', 'engineer', 'manager', 'general-manager'],
  'shelve-alarms': ['operator', 'supervisor', 'engineer', 'manager', 'general-manager'],
  'take-out-of-service': ['engineer', 'supervisor', 'manager'],
  'hold-points': ['operator', 'engineer', 'supervisor'],
  'merge-emergencies': ['operator', 'supervisor', 'manager', 'general-manager'],
  'check-posts': ['supervisor', 'manager', 'general-manager'],
  'release-fire': ['supervisor', 'manager', 'general-manager'],
  // Seconds count, and whoever sits at the screens sees the fire first.
  'start-fire': ['operator', 'supervisor', 'manager'],
  'test-fire': ['engineer', 'supervisor', 'manager'],
  'see-commands': ['operator', 'guard', 'supervisor', 'engineer', 'manager', 'general-manager', 'front-desk', 'finance'],
  'see-overtime': ['operator', 'front-desk', 'supervisor', 'engineer', 'manager', 'general-manager', 'finance'],
  'see-charges': ['front-desk', 'supervisor', 'manager', 'general-manager', 'finance'],
  'see-engineering': ['engineer', 'operator', 'supervisor', 'manager', 'general-manager', 'administrator'],
  // Where the site is a demo.
  'run-demo': ['engineer'],
  'place-points': ['engineer', 'supervisor', 'manager'],
  // R71, R72: who stands at the gate, and who answers for what happens there.
  'see-gate': ['guard', 'operator', 'front-desk', 'supervisor', 'manager', 'general-manager'],
  'let-vehicles-pass': ['guard', 'front-desk', 'supervisor'],
  'see-settings': ['supervisor', 'manager', 'general-manager', 'administrator'],
  'change-settings': ['manager', 'general-manager', 'administrator'],
  'plan-visits': ['front-desk', 'supervisor', 'manager', 'general-manager'],
  'see-tenants': ['operator', 'front-desk', 'supervisor', 'engineer', 'manager', 'general-manager', 'finance', 'administrator'],
  // R1: customers' telephone numbers are for those who call them.
  'see-numbers': ['operator', 'guard', 'front-desk', 'supervisor', 'engineer', 'manager', 'general-manager', 'administrator'],
  // R56: whoever lets goods out holds the note against the specimen seal. No program: with one a note can be forged.
  'see-seals': ['front-desk', 'supervisor', 'manager', 'general-manager'],
  // R51: what is heard of a tenant is filed the same day by whoever is on duty.
  'keep-tenants': ['front-desk', 'supervisor', 'manager', 'general-manager', 'administrator'],
  'set-prices': ['manager', 'general-manager', 'finance'],
  'manage-people': ['security'],
  'see-audit': ['manager', 'general-manager', 'auditor'],
} as const satisfies Record<string, readonly Role[]>
export type Right = keyof typeof rights

/** What a program may be given: it reads, and never what people say of each other in cases. */
export const machineRights = [
  'see-live',
  'see-alarms',
  'see-commands',
  'see-overtime',
  'see-charges',
  'see-engineering',
  'see-settings',
  'see-tenants',
  'see-audit',
] as const satisfies readonly Right[]

/** Whether somebody holds one of the roles that are asked for. */
export const hasRole = (held: readonly Role[], asked: readonly (Role | 'system' | 'customer')[]): boolean =>
  asked.some(r => r !== 'system' && r !== 'customer' && held.includes(r))

export const mayDo = (held: readonly Role[], right: Right): boolean => hasRole(held, rights[right])
