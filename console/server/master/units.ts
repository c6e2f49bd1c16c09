import { ulid } from 'ulid'
import { Refusal } from '#api/errors'
import type { UnitBody, UnitList, UnitView } from '#api/models/units'
import { audit } from '../books/audit.ts'
import type { BooksReader } from '../books/books.ts'
import { writeHistories, writeHistory } from '../books/history.ts'
import { inParts } from '../books/inParts.ts'
import type { Work } from '../books/unitOfWork.ts'
import type { Directory } from '../site/directory.ts'
import { tenanciesOn } from '../site/tenancies.ts'
import { type OwnUnit, ownUnitsIn } from '../site/units.ts'
import { plain } from './importPlan.ts'
import { indexTenants, tenantFilesIn } from './tenantFiles.ts'

/** Units without zones (shops, flats, stores, parking): kept by the desk. Those that the edge controls stand in the site file. */

export const unitRecord = (id: string) => `unit/${id}`
const mostListed = 200

/** Units with who is there on a date. */
const unitViews = async (db: BooksReader, directory: Directory, date: string): Promise<UnitView[]> => {
  const own = new Set((await ownUnitsIn(db)).map(u => u.id))
  const held = await tenanciesOn(db, date)
    .innerJoin('tenant', 'tenant.id', 'tenancy.tenant_id')
    .select(['tenancy.unit', 'tenancy.kind', 'tenant.short'])
    .execute()
  const holders = new Map<string, { tenant: string; owner: string }>()
  for (const { unit, kind, short } of held) {
    const was = holders.get(unit) ?? { tenant: '', owner: '' }
    holders.set(unit, kind === 'owner' ? { ...was, owner: short } : { ...was, tenant: short })
  }
  return directory.units.map(u => ({
    ...{ id: u.id, name: u.name, floor: u.floor, zones: u.zones.length, own: own.has(u.id) },
    ...(holders.get(u.id) ?? { tenant: '', owner: '' }),
  }))
}

/** Those whose name, id or holder is asked for, the first of them. */
export const unitList = async (db: BooksReader, directory: Directory, o: { q: string; date: string }): Promise<UnitList> => {
  const q = plain(o.q)
  const all = await unitViews(db, directory, o.date)
  const found = all.filter(u => [u.id, u.name.zh, u.name.en, u.tenant, u.owner].some(text => plain(text).includes(q)))
  return { found: found.length, units: found.slice(0, mostListed) }
}

export const unitViewOf = async (db: BooksReader, directory: Directory, id: string, date: string): Promise<UnitView> => {
  const unit = (await unitViews(db, directory, date)).find(u => u.id === id)
  if (!unit) throw new Refusal('unknown-unit', 'id')
  return unit
}

const namesOf = ({ id, name }: Pick<OwnUnit, 'id' | 'name'>) => new Set([id, name.zh, name.en].map(plain))

/** Whatever the desk calls a unit must mean that one unit, here and in the site file. */
const mustBeFree = (directory: Directory, units: readonly OwnUnit[], all: readonly OwnUnit[]) => {
  const floors = new Set(directory.site.floors.map(f => f.id))
  const taken = new Map<string, Set<string>>()
  for (const u of [...directory.site.units, ...all])
    for (const text of namesOf(u)) taken.set(text, (taken.get(text) ?? new Set()).add(u.id))
  for (const u of units) {
    if (u.floor !== null && !floors.has(u.floor)) throw new Refusal('unknown-floor', 'floor', { which: [u.floor] })
    if ([...directory.site.zones, ...directory.site.units].some(x => x.id === u.id)) throw new Refusal('number-taken', 'id')
    if ([...namesOf(u)].some(text => (taken.get(text)?.size ?? 0) > 1))
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
  await renameInSearch(
    work,
    directory,
    units.filter(u => stored.has(u.id)),
  )
  await writeHistories(
    work,
    units.map(u => {
      const was = stored.get(u.id)
      return { record: unitRecord(u.id), verb: was ? 'change' : 'add', detail: was ? { was, is: u } : { is: u } }
    }),
  )
}

/** Tenants are found by the names of their units. */
const renameInSearch = async (work: Work, directory: Directory, units: readonly OwnUnit[]) => {
  const renamed = new Map(units.map(u => [u.id, u.name]))
  for (const part of inParts(units)) {
    const ids = part.map(u => u.id)
    const held = await work.tx.selectFrom('tenancy').select('tenant_id').distinct().where('unit', 'in', ids).execute()
    const files = await tenantFilesIn(
      work.tx,
      held.map(h => h.tenant_id),
    )
    await indexTenants(work, { placeName: place => renamed.get(place ?? '') ?? directory.placeName(place) }, files)
  }
}

const learn = ({ touched }: Work, directory: Directory, own: readonly OwnUnit[]) => {
  touched.site = true
  touched.learned.push(() => directory.learnUnits(own))
}

/** `id`: null for a new one. */
export const saveUnit = async (
  work: Work,
  directory: Directory,
  id: string | null,
  { was, ...body }: UnitBody & { was?: UnitBody },
): Promise<string> => {
  const stored = id === null ? undefined : (await ownUnitsIn(work.tx)).find(u => u.id === id)
  if (id !== null && !stored) throw new Refusal('unknown-unit', 'id')
  // Somebody else has changed it since it was looked at.
  if (
    was &&
    stored &&
    JSON.stringify([was.name.zh, was.name.en, was.floor]) !== JSON.stringify([stored.name.zh, stored.name.en, stored.floor])
  )
    throw new Refusal('changed-meanwhile', 'name')
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
