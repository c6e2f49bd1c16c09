import type { Department } from '#api/departments'
import type { Words } from '#contract/names'
import { choiceField } from '../../server/engine/fields.ts'

/** Categories that are about a person, who is heard apart from the complainant. */
export const aboutSomebody = ['staff', 'manager'] as const

/** R23: who answers for which kind of complaint. Major ones go to the post behind the arrow, the GM is always told (C39). */
export const category = {
  ...choiceField(
    'category',
    { zh: '投诉类别（责任部门）', en: 'Category (department)' },
    {
      fees: { zh: '费用 — 客户服务部、财务部', en: 'Fees — customer service, finance' },
      equipment: { zh: '土建、设备、水电气 — 工程部', en: 'Works, equipment, utilities — engineering' },
      security: { zh: '治安、车辆、失窃 — 安保部', en: 'Security, vehicles, theft — security' },
      cleaning: { zh: '清洁绿化 — 客户服务部', en: 'Cleaning, greening — customer service' },
      staff: { zh: '员工态度 — 客户服务部经理', en: 'Staff manner — service manager' },
      manager: { zh: '客户服务部经理本人 — 总经理', en: 'The service manager himself — GM' },
      leftover: { zh: '遗留工程、房屋维修 — 工程维修部', en: 'Leftover works, house repair — maintenance' },
      municipal: { zh: '市政（水电气路邮信）— 与市政部门交涉', en: 'Municipal — negotiated with the municipal body' },
      other: { zh: '其他', en: 'Other' },
    },
  ),
  keeps: { is: aboutSomebody, by: ['manager', 'general-manager'] },
} as const

/** Fees go to customer service together with finance; what concerns the service manager himself goes to the GM (C22). */
export const routing: Readonly<Record<string, Department>> = {
  fees: 'customer-service',
  equipment: 'engineering',
  security: 'security',
  cleaning: 'customer-service',
  staff: 'customer-service',
  manager: 'management',
  leftover: 'engineering',
  municipal: 'customer-service',
}

/** R23: fees are customer service's together with finance. */
export const withFinance: Words = {
  zh: '费用投诉，请与客户服务部一同处理',
  en: 'about fees: to be handled together with customer service',
}
