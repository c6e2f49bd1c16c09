import type { Tables } from '#store/makeTables'
import { caseTables } from './cases.ts'

/** What 0013 has made of the steps of a plan: `by_lead` where the lead of the shift has done one in the name of whoever has it. */
export const tablesSinceStepLead = {
  case_step: { ...caseTables.case_step, columns: { ...caseTables.case_step.columns, by_lead: 'int' } },
} as const satisfies Tables
