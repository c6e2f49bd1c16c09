import type { Role } from '#api/rights'
import { procedure } from '../../server/engine/definition.ts'
import { longField, ownSignature, personField, reason } from '../../server/engine/fields.ts'

const asking: readonly Role[] = ['supervisor', 'manager', 'general-manager']
const everyDesk: readonly Role[] = [
  'operator',
  'guard',
  'front-desk',
  'supervisor',
  'engineer',
  'manager',
  'general-manager',
  'finance',
]

/**
 * The own account of an employee who has been complained of: C23 (001 compl.4, 003 (3)I). He is asked after the complainant has
 * been heard, writes it himself and signs it; the form shows him what he is asked and nothing of who complained.
 */
export const statement = procedure(
  [
    personField('who', { zh: '说明人', en: 'Who accounts' }),
    longField('matter', { zh: '要说明的事', en: 'What is to be accounted for' }),
  ],
  {
    id: 'statement',
    version: 1,
    prefix: 'SM',
    name: { zh: '员工情况说明', en: "Employee's own account" },
    purpose: {
      zh: '被投诉的人写明情况并签字，只给处理人看',
      en: 'The person complained of writes what happened and signs; only those who handle it see it',
    },
    list: { name: { zh: '说明', en: 'Accounts' } },
    source: 'C23 (001 compl.4, 003 (3)I)',
    about: 'matter',
    initial: 'asked',
    placeOf: () => null,
    handlerOf: form => form.who,
    states: {
      asked: { name: { zh: '待本人说明', en: 'Asked' }, main: 'write' },
      written: { name: { zh: '已说明', en: 'Written' }, ends: true },
      withdrawn: { name: { zh: '不再需要', en: 'No longer asked' }, ends: true },
    },
    path: ['asked', 'written'],
    transitions: [
      {
        verb: 'write',
        label: { zh: '如实说明并签名', en: 'Account, signed' },
        from: ['asked'],
        to: 'written',
        by: everyDesk,
        needs: ['named-himself'],
        asks: [longField('account', { zh: '本人如实记录', en: 'Own written account' }), ownSignature],
      },
      {
        verb: 'withdraw',
        label: { zh: '不再需要', en: 'No longer needed' },
        from: ['asked'],
        to: 'withdrawn',
        by: asking,
        asks: [reason],
      },
    ],
    personal: true,
    privateTo: { field: 'who', besides: asking },
    opens: [],
    sees: everyDesk,
    printed: { zh: '员工情况说明', en: "Employee's own account" },
  },
)
