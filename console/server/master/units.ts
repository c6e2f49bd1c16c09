import { ulid } from 'ulid'
import { Refusal } from '#api/errors'
import type { UnitBody, UnitList } from '#api/models/units'
import { audit } from '../books/audit.ts'
import type { BooksReader } from '../books/books.ts'
import { writeHistories, writeHistory } from '../books/history.ts'
import { inParts } from '../books/inParts.ts'
import type { Work } from '../books/unitOfWork.ts'
import type { Directory } from '../site/directory.ts'
import { tenanciesOn } from '../site/tenancies.ts'
import { type OwnUnit, ownUnitsIn } from '../site/units.ts'
import { plain } from './importPlan.ts'

/** Units without zones (shops, flats, stores, parking): kept by the desk. Those that the edge controls stand in the site file. */

export const unitRecord = (id: string) => `unit/${id}`
const mostListed = 200

/** All units whose name, id or holder is asked for, the first of them, with who is there on a date. */
export const unitList = async (db: BooksReader, directory: Directory, o: { q: string; date: string }): Promise<UnitList> => {
  const q = plain(o.q)
  const own = new Set((await ownUnitsIn(db)).map(u => u.id))
  const held = await tenanciesOn(db, o.date)
    .innerJoin('tenant', 'tenant.id', 'tenancy.tenant_id')
    .select(['tenancy.unit', 'tenancy.kind', 'tenant.short'])
    .execute()
  const holders = new Map<string, { tenant: string; owner: string }>()
  for (const { unit, kind, short } of held) {
    const was = holders.get(unit) ?? { tenant: '', owner: '' }
    holders.set(unit, kind === 'owner' ? { ...was, owner: short } : { ...was, tenant: short })
  }
  const all = directory.units.map(u => ({
    ...{ id: u.id, name: u.name, floor: u.floor, zones: u.zones.length, own: own.has(u.id) },
    ...(holders.get(u.id) ?? { tenant: '', owner: '' }),
  }))
  const found = all.filter(u => [u.id, u.name.zh, u.name.en, u.tenant, u.owner].some(text => plain(text).includes(q)))
  return { found: found.length, units: found.slice(0, mostListed) }
}

/** Whatever the desk calls a unit must mean that one unit. */
const mustBeFree = (directory: Directory, units: readonly OwnUnit[], all: readonly OwnUnit[]) => {
  const inSite = new Map(directory.site.units.flatMap(u => [u.id, u.name.zh, u.name.en].map(n => [plain(n), u] as const)))
  const floors = new Set(directory.site.floors.map(f => f.id))
  const named = new Map<string, string>()
  for (const u of all) named.set(plain(u.name.zh), named.has(plain(u.name.zh)) ? '' : u.id)
  for (const u of units) {
    if (u.floor !== null && !floors.has(u.floor)) throw new Refusal('unknown-floor', 'floor', { which: [u.floor] })
    if (directory.site.zones.some(z => z.id === u.id) || inSite.has(u.id)) throw new Refusal('number-taken', 'id')
    if (inSite.has(plain(u.name.zh)) || named.get(plain(u.name.zh)) !== u.id)
      throw new Refusal('name-taken', 'name', { which: [u.name] })
  }
}

/** Stores units, new ones and changed ones, all of them or none. */
export const saveUnits = async (work: Work, directory: Directory, units: readonly OwnUnit[]): Promise<void> => {
  const stored = new Map((await ownUnitsIn(work.tx)).map(u => [u.id, u]))
  const after = new Map(stored)
  for (const u of units) after.set(u.id, u)
  mustBeFree(directory, units, [...after.values()])
  learn(work, directory, [...after.values()])
  for (const part of inParts(units))
    await work.tx
      .insertInto('unit')
      .values(part.map(u => ({ id: u.id, name_json: JSON.stringify(u.name), floor: u.floor })))
      .onConflict(c =>
        c.column('id').doUpdateSet(e => ({ name_json: e.ref('excluded.name_json'), floor: e.ref('excluded.floor') })),
      )
      .execute()
  await writeHistories(
    work,
    units.map(u => {
      const was = stored.get(u.id)
      return { record: unitRecord(u.id), verb: was ? 'change' : 'add', detail: was ? { was, is: u } : { is: u } }
    }),
  )
}

const learn = ({ touched }: Work, directory: Directory, own: readonly OwnUnit[]) => {
  touched.site = true
  touched.learned.push(() => directory.learnUnits(own))
}

/** `id`: null for a new one. */
export const saveUnit = async (work: Work, directory: Directory, id: string | null, body: UnitBody): Promise<string> => {
  if (id !== null && !(await ownUnitsIn(work.tx)).some(u => u.id === id)) throw new Refusal('unknown-unit', 'id')
  const unit = { id: id ?? newUnitId(), ...body }
  await saveUnits(work, directory, [unit])
  await audit(work.tx, work.at, work.actor, id === null ? 'unit-added' : 'unit-changed', unit.id, { name: body.name })
  return unit.id
}

/** As the site file writes ids: small letters, digits and dashes. */
export const newUnitId = (): string => ulid().toLowerCase()

/** One that nobody holds or held, and of which no case speaks. */
export const removeUnit = async (work: Work, directory: Directory, id: string): Promise<void> => {
  const all = await ownUnitsIn(work.tx)
  const unit = all.find(u => u.id === id)
  if (!unit) throw new Refusal('unknown-unit', 'id')
  const [held, spoken] = await Promise.all([
    work.tx.selectFrom('tenancy').select('id').where('unit', '=', id).limit(1).execute(),
    work.tx.selectFrom('case_file').select('id').where('place', '=', id).limit(1).execute(),
  ])
  if (held.length + spoken.length > 0) throw new Refusal('unit-in-use', 'id')
  await work.tx.deleteFrom('unit').where('id', '=', id).execute()
  learn(
    work,
    directory,
    all.filter(u => u.id !== id),
  )
  await writeHistory(work, { record: unitRecord(id), verb: 'remove', detail: { was: unit } })
  await audit(work.tx, work.at, work.actor, 'unit-removed', id, { name: unit.name })
}
