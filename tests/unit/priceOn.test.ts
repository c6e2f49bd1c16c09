import { expect, it } from 'vitest'
import { checkedForm } from '../../console/server/engine/formSchema.ts'
import { priceOn } from '../../console/subjects/priceList/screens/priceOn.ts'
import { priceItems } from '../../console/subjects/priceList/thing.ts'

const item = { name: '地毯清洗', kind: 'paid', explained: '按面积', price: 800 }

it('a price that is decided ahead holds from its day, and until then the one before (R7)', () => {
  const form = { ...item, nextPrice: 900, nextFrom: '2027-01-01' }
  expect(['2026-12-31', '2027-01-01', '2027-06-30'].map(d => priceOn(form, d))).toEqual([800, 900, 900])
  expect(priceOn(item, '2027-01-01')).toBe(800)
  expect(priceOn({ ...item, price: undefined }, '2027-01-01')).toBeUndefined()
})

it('says neither a price without its day nor a day without its price', () => {
  for (const [half, field] of [
    [{ nextPrice: 900 }, 'nextFrom'],
    [{ nextFrom: '2027-01-01' }, 'nextPrice'],
  ] as const)
    expect(() => checkedForm(priceItems.fields, { ...item, ...half })).toThrow(expect.objectContaining({ field }))
})
