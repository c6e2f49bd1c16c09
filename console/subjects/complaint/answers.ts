import { didOf } from '../../server/engine/definition.ts'
import type { CaseData } from '../../server/engine/field.ts'
import { choiceField, optional, reason, textField, timeField } from '../../server/engine/fields.ts'
import { labels } from '../../server/engine/labels.ts'
import type { Services } from '../../server/engine/services.ts'

/** T30: every complaint is visited, at a time that fits what it is about. */
const visitBy = optional(timeField('visitBy', labels.visitBy))
/** What the customer was told last: the answer, or why there is nothing to it. */
export const answered = {
  verb: 'answer',
  asks: [
    choiceField(
      'by',
      { zh: '答复方式', en: 'Answered' },
      {
        person: { zh: '当面', en: 'in person' },
        phone: { zh: '电话', en: 'by phone' },
        writing: { zh: '书面', en: 'in writing' },
      },
    ),
    { ...textField('words', { zh: '客户反应', en: "Customer's reaction" }, 500) },
    visitBy,
  ],
} as const
export const explained = { verb: 'invalid', asks: [reason, visitBy] } as const
export const toldLast = (facts: Record<string, unknown>) =>
  [didOf(facts, answered), didOf(facts, explained)].filter(d => d !== undefined).sort((a, b) => b.at - a.at)[0]

export const visitForm = (
  of: CaseData<{ content: string; address: string; contact: string; phone: string }>,
): Services['visit'] => ({
  visitBy: toldLast(of.facts)?.visitBy,
  subject: `${of.number} ${of.form.content.slice(0, 200)}`,
  about: 'after-complaint',
  address: of.form.address,
  contact: of.form.contact,
  phone: of.form.phone,
})
