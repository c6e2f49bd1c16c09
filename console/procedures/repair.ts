import { z } from 'zod'
import { instant } from '#api/instant'
import type { Procedure } from './definition.ts'

/**
 * 《维修通知单》, the repair order: R45 (000 §4.10). Received, sent to engineering at once (T53), done, or unfinished with
 * its reason and followed the next day (T55). Opened by hand and by a signed overtime booking (R41).
 */
export const repair: Procedure = {
  id: 'repair',
  version: 1,
  prefix: 'WX',
  name: { zh: '维修通知单', en: 'Repair order' },
  source: 'R45 (000 §4.10)',
  fields: [
    { key: 'address', label: { zh: '客户地址', en: 'Address' }, kind: 'unit', schema: z.string().min(1).max(60) },
    { key: 'content', label: { zh: '报修内容', en: 'What is wrong' }, kind: 'long', schema: z.string().trim().min(1).max(1000) },
    { key: 'contact', label: { zh: '联系人', en: 'Contact' }, kind: 'text', schema: z.string().trim().min(1).max(60) },
    { key: 'phone', label: { zh: '联系电话', en: 'Phone' }, kind: 'phone', schema: z.string().trim().min(1).max(40) },
    { key: 'appointment', label: { zh: '预约时间', en: 'Appointment' }, kind: 'time', schema: instant.optional() },
    {
      key: 'kind',
      label: { zh: '类别', en: 'Kind' },
      kind: 'choice',
      schema: z.enum(['repair', 'overtime']),
      choices: [
        { value: 'repair', label: { zh: '报修', en: 'Repair' } },
        { value: 'overtime', label: { zh: '超时空调', en: 'Overtime air' } },
      ],
    },
  ],
  initial: 'received',
  placeOf: form => String(form['address']),
  states: {
    received: { name: { zh: '已接报', en: 'Received' } },
    sent: { name: { zh: '已送工程部', en: 'Sent to engineering' } },
    unfinished: { name: { zh: '未完成，次日跟进', en: 'Unfinished, followed next day' } },
    done: { name: { zh: '已完成', en: 'Done' }, ends: true },
    void: { name: { zh: '作废', en: 'Void' }, ends: true },
  },
  transitions: [
    {
      verb: 'send',
      label: { zh: '送工程部', en: 'Send to engineering' },
      from: ['received'],
      to: 'sent',
      by: ['front-desk', 'supervisor'],
    },
    {
      verb: 'finish',
      label: { zh: '已完成', en: 'Done' },
      from: ['sent', 'unfinished'],
      to: 'done',
      by: ['engineer', 'supervisor', 'front-desk'],
    },
    {
      verb: 'defer',
      label: { zh: '未完成，写明原因', en: 'Unfinished, with reason' },
      from: ['sent', 'unfinished'],
      to: 'unfinished',
      by: ['engineer', 'supervisor', 'front-desk'],
      input: 'reason',
    },
    // The booking behind an overtime order was withdrawn: nothing is left to do.
    { verb: 'void', label: { zh: '作废', en: 'Void' }, from: ['received', 'sent', 'unfinished'], to: 'void', by: ['system'] },
  ],
  opens: ['front-desk', 'supervisor', 'operator'],
  sees: ['operator', 'front-desk', 'supervisor', 'engineer', 'manager'],
  printed: { zh: '维修通知单', en: 'Repair order' },
}
