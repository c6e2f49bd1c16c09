import type { Role } from '#api/rights'
import type { Subject } from '../../server/desk/subject.ts'
import { dateField, optional, textField } from '../../server/engine/fields.ts'
import type { ThingKind } from '../../server/engine/things/thing.ts'

const everybody: readonly Role[] = [
  ...(['operator', 'guard', 'front-desk', 'supervisor', 'engineer', 'manager', 'general-manager', 'finance'] as const),
]

/**
 * Controlled documents, each with the version that holds; what it was before stands in its history (000 §3.1.2: the Customer Service
 * Manager keeps the controlled public documents).
 */
const controlledDocuments: ThingKind = {
  id: 'document',
  name: { zh: '受控文件', en: 'Controlled documents' },
  source: '000 §3.1.2',
  fields: [
    textField('title', { zh: '文件名称', en: 'Title' }, 120),
    optional(textField('number', { zh: '文件编号', en: 'Number' }, 40)),
    textField('edition', { zh: '版本', en: 'Version' }, 20),
    dateField('validFrom', { zh: '生效日期', en: 'In force from' }),
    textField('kept', { zh: '存放处、链接', en: 'Where it lies' }, 200),
  ],
  code: 'title',
  shown: ['edition'],
  keeps: ['supervisor', 'manager'],
  sees: everybody,
}

export const documents: Subject = { things: [controlledDocuments] }
