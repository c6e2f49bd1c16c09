import { createHash } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Desk } from '../../console/server/desk/desk.ts'
import { eraseOld } from '../../console/server/desk/erasure.ts'
import { drawingOf } from '../../console/server/engine/drawings.ts'
import { registerOf, writeEntry } from '../../console/server/engine/registers/registerBook.ts'
import { closeEntries } from '../../console/server/engine/registers/registerLife.ts'
import { smallPng } from '../harness/samples.ts'
import { days, TriedSite } from '../unit/settings/site.ts'

/** A customer's signature by hand: named by its sum where he signed, kept beside it, and erased with it (design §6). */
const sent = smallPng
const png = Buffer.from(sent.slice(sent.indexOf(',') + 1), 'base64')
const sum = createHash('sha256').update(png).digest('hex')
const customer = '欧阳建国'
let site: TriedSite
beforeEach(async () => {
  site = await TriedSite.open()
})
afterEach(() => site.close())
const desk = () => ({ ...site.books, rules: site.books.rules, wall: () => site.now }) as unknown as Desk
const cleaned = async () => {
  const { id } = await site.open('desk', 'special-cleaning', {
    ...{ address: 'u12e', contact: customer, phone: '13812345678', wishes: '洗地毯' },
  })
  return id
}

it('stands in the step as a sum, in no list as a picture, and goes when the case is erased', async () => {
  const id = await cleaned()
  await site.act('desk', id, 'agree', { when: site.now, priceFen: 20_000 })
  await site.act('desk', id, 'serve')
  for (const wrong of ['data:image/svg+xml;base64,PHN2Zz4=', `${sent}"`, sent.padEnd(70_000, 'A')])
    await expect(site.act('desk', id, 'sign', { satisfied: 'good', signature: customer, drawn: wrong })).rejects.toMatchObject({
      code: 'invalid',
      field: 'drawn',
    })
  await site.act('desk', id, 'sign', { satisfied: 'good', signature: customer, drawn: sent })
  const signed = await site.books.engine.head(site.db, id)
  expect(signed.facts['sign']).toMatchObject({ signature: customer, drawn: sum })
  expect(JSON.stringify(signed)).not.toContain('base64')
  expect(await drawingOf(site.db, id, sum)).toEqual(png)
  expect(await drawingOf(site.db, 'other', sum)).toBeUndefined()
  const said = await site.db.selectFrom('history').select('note').where('record', '=', id).execute()
  expect(said.map(s => s.note)).not.toContain(customer)
  await site.set('personal-kept-cases', 30)
  site.now += days(31)
  await eraseOld(desk())
  expect(await site.db.selectFrom('drawing').selectAll().execute()).toEqual([])
  const history = await site.db.selectFrom('history').selectAll().where('record', '=', id).execute()
  expect(JSON.stringify(history)).not.toContain(customer)
  expect(JSON.stringify(history)).not.toContain(sum)
})

it('of several entries closed at once stands with each', async () => {
  const register = registerOf(site.books.engine.manual, 'mail-register')
  const form = { kind: 'parcel', address: 'u12e', contact: customer }
  const write = (n: number) =>
    site.as('desk', work =>
      writeEntry(
        work,
        site.books.engine.around,
        {
          register: register.id,
          form: { ...form, barcode: `SF${n}` },
          caseId: null,
          corrects: null,
          sentAs: null,
        },
        { roles: ['front-desk'] },
      ),
    )
  const entries = [await write(1), await write(2)].map(e => e.id)
  const said = { way: 'collected', signature: customer, drawn: sent }
  await site.as('desk', work => closeEntries(work, register, { entries, said }, { roles: ['front-desk'] }))
  for (const id of entries) expect(await drawingOf(site.db, id, sum)).toEqual(png)
})
