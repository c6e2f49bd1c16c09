import { z } from 'zod'
import { type DataGrade, type DataKind, dataGrades, dataKinds } from '#api/models/tenants'
import type { Words } from '#contract/names'
import { type Setting, setting } from './settings.ts'
import type { SiteRules } from './siteRules.ts'

/**
 * What must be collected of every customer (grade 1), and what as the case requires (grade 2): R51 一级为必收资料，二级为视具体情况而收取资料.
 * The manual names the emergency phone and leaves the rest to the site.
 */
const choices: { value: DataGrade; label: Words }[] = [
  { value: 'first', label: { zh: '一级（必收）', en: 'grade 1 (must be there)' } },
  { value: 'second', label: { zh: '二级（视情况）', en: 'grade 2 (as the case requires)' } },
  { value: 'none', label: { zh: '不收', en: 'not collected' } },
]
const grade = (kind: DataKind, zh: string, en: string, first: boolean): Setting =>
  setting({
    ...{ key: `data-grade-${kind}`, name: { zh: `客户资料等级：${zh}`, en: `Grade of customer data: ${en}` }, source: 'R51' },
    ...{ unit: 'choice', schema: z.enum(dataGrades), choices, default: first ? 'first' : 'second' },
  })

const settings: Record<DataKind, Setting> = {
  phone: grade('phone', '联系电话', 'telephone', true),
  urgent: grade('urgent', '紧急联系电话', 'emergency telephone', true),
  dates: grade('dates', '租期起止', 'dates of the lease', false),
  seal: grade('seal', '预留印鉴', 'specimen seal', false),
}
export const gradeSettings = Object.values(settings)

export const gradesOf = (rules: SiteRules): Record<DataKind, DataGrade> =>
  Object.fromEntries(dataKinds.map(k => [k, rules.value(settings[k])])) as Record<DataKind, DataGrade>
