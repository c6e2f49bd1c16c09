import {
  address,
  choiceField,
  company,
  contact,
  drawn,
  optional,
  phone,
  signature,
  textField,
} from '../../server/engine/fields.ts'
import { labels } from '../../server/engine/labels.ts'
import type { Register } from '../../server/engine/registers/register.ts'

/**
 * 《邮件收发登记表》: R49, T7 (000 §4.1.4.4). Each item is checked and written down; the customer is called, or it is brought to him, on the
 * day it comes; he signs when he has it. The sorting procedure itself 《邮件分捡程序》 is not given.
 */
export const mailRegister: Register = {
  id: 'mail-register',
  prefix: 'YJ',
  name: { zh: '邮件收发登记表', en: 'Mail register' },
  purpose: {
    zh: '邮件、快件当天核对登记，通知或送到客户，签字领取',
    en: 'Mail and parcels are checked and written down the day they come; the customer is told or it is brought to him, and he signs',
  },
  source: 'R49, T7 (000 §4.1.4.4, 3.2.3)',
  fields: [
    choiceField('kind', labels.kind, {
      letter: { zh: '平信', en: 'Letter' },
      registered: { zh: '挂号信', en: 'Registered letter' },
      parcel: { zh: '包裹、快件', en: 'Parcel, express' },
      periodical: { zh: '报刊', en: 'Newspaper, periodical' },
    }),
    {
      ...optional(textField('barcode', { zh: '单号（可扫条码）', en: 'Number (its barcode can be scanned)' }, 60)),
      requiredWhen: { field: 'kind', is: ['registered', 'parcel'] },
    },
    address,
    company,
    { ...contact, label: { zh: '收件人', en: 'Addressee' } },
    optional(phone),
  ],
  about: 'contact',
  life: {
    // The same item is not taken in twice.
    alone: ['barcode'],
    due: 'same-day',
    open: { zh: '待领', en: 'Here' },
    closed: { zh: '了结', en: 'Closed' },
    closes: {
      label: { zh: '领取签字', en: 'Hand over' },
      by: ['front-desk', 'supervisor'],
      asks: [
        choiceField(
          'way',
          { zh: '方式', en: 'How' },
          {
            collected: { zh: '到前台领取', en: 'collected at the desk' },
            delivered: { zh: '送到单元', en: 'brought to the unit' },
            back: { zh: '退回（无人领取、投错）', en: 'sent back (not collected, misdelivered)' },
          },
        ),
        { ...optional(signature), requiredWhen: { field: 'way', is: ['collected', 'delivered'] } },
        drawn,
      ],
    },
    meets: { label: { zh: '已电话通知', en: 'Called' }, by: ['front-desk', 'supervisor'] },
    tells: ['front-desk', 'supervisor'],
  },
  writes: ['front-desk', 'supervisor'],
  sees: ['front-desk', 'supervisor', 'manager', 'general-manager'],
  reads: [],
  checks: [],
}
