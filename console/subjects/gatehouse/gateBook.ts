import { ulid } from 'ulid'
import { Refusal } from '#api/errors'
import { type GateVerdict, passesWithinMs } from '#api/gateVerdicts'
import type { Role } from '#api/rights'
import { refOf } from '#contract/names'
import { keysByRole, type PointRole } from '#contract/pointRoles'
import { isTrusted } from '#contract/quality'
import type { AccessEvent, Reactions } from '../../server/agents/reactions.ts'
import { writeHistory } from '../../server/books/history.ts'
import type { Work } from '../../server/books/unitOfWork.ts'
import type { Desk } from '../../server/desk/desk.ts'
import { entryOf, writeEntry } from '../../server/engine/registers/registerBook.ts'
import { closeEntries } from '../../server/engine/registers/registerLife.ts'
import { leftAlone, plateOf, verdictOn, type Way } from './admission.ts'
import { gate, laneKind, passages, vehicleKind, visitors } from './registers.ts'
import { barrierOpensFor, doorOpensFor } from './settings.ts'

const hour = 3_600_000
/** A pass that was given back is known as such for so long; then it is a card like any other. */
const rememberedMs = 7 * 24 * hour

/** What opens a way, what says that it is shut, and for how long it is opened. */
const door = { command: 'lock', opens: false, told: 'locked', shut: true, seconds: doorOpensFor } as const
const barrier = { command: 'arm', opens: true, told: 'arm-raised', shut: false, seconds: barrierOpensFor } as const
type Kind = typeof door | typeof barrier

const pointOf = ({ directory, profiles }: Desk, device: string, role: PointRole) => {
  const profile = profiles.get(directory.site.devices.find(d => d.id === device)?.profile ?? '')
  const key = profile && keysByRole(profile).get(role)
  return key === undefined ? undefined : refOf(device, key)
}

const wayOf = (desk: Desk, device: string, kind: Kind): Way => {
  const [command, told] = [pointOf(desk, device, kind.command), pointOf(desk, device, kind.told)]
  const known = told === undefined ? undefined : desk.mirror.value(told)
  const array = desk.mirror.holders().find(h => h.point === command)?.array
  return { holders: array?.holders ?? [], shut: isTrusted(known) ? known.v === kind.shut : undefined }
}

/** When a device told something, by the console's clock. */
const toldAt = ({ mirror }: Desk, device: string, at: number): number =>
  at - (mirror.agents.get(mirror.agentOf(device) ?? '')?.clockAheadMs ?? 0)

type Entry = { id: string; number: string }

/** Opens where that was the verdict, and writes down what came of it, with the entry that it was about. */
const note = async (desk: Desk, work: Work, entry: Entry, o: { device: string; verdict: GateVerdict; kind: Kind }) => {
  const { device, verdict, kind } = o
  const point = pointOf(desk, device, kind.command)
  // By its number: who it is stands in the entry, and is erased with it.
  const who = { zh: entry.number, en: entry.number }
  const act = { value: kind.opens, seconds: Number(desk.rules.value(kind.seconds)) }
  const command = verdict === 'let-pass' && point !== undefined ? await desk.commands.letPass(work, who, { point, ...act }) : null
  await work.tx.insertInto('gate_act').values({ id: ulid(), entry: entry.id, device, at: work.at, verdict, command }).execute()
  await writeHistory(work, { record: entry.id, verb: 'at-the-gate', detail: { device, verdict, command } })
  work.touched.duties = true
}

/** The entry of a visitor who has this pass, or had it last. */
const entryOfPass = async ({ tx, at }: Work, pass: string) => {
  const entries = tx.selectFrom('register_entry').selectAll().where('register_entry.register', '=', visitors.id)
  const open = await entries
    .innerJoin('open_object', 'open_object.entry', 'register_entry.id')
    .where('open_object.register', '=', visitors.id)
    .where('field', '=', 'pass')
    .where('value', '=', pass)
    .executeTakeFirst()
  if (open) return open
  const late = await entries
    .where('at', '>=', at - rememberedMs)
    .orderBy('at', 'desc')
    .execute()
  return late.find(r => JSON.parse(r.form_json).pass === pass)
}

const onCard = async (desk: Desk, work: Work, { device, detail, at }: AccessEvent) => {
  const pass = detail.trim()
  const entry = pass === '' ? undefined : await entryOfPass(work, pass)
  if (!entry) return
  const form = JSON.parse(entry.form_json) as { door?: string; until?: number }
  const verdict = verdictOn({
    now: work.at,
    at: toldAt(desk, device, at),
    device,
    pass: { door: form.door, until: form.until, returned: entry.closed_at !== null },
    way: wayOf(desk, device, door),
  })
  await note(desk, work, entry, { device, verdict, kind: door })
}

/**
 * The newest entry of a vehicle at this barrier that has neither passed nor been turned away; of the plate, where the device has
 * read one.
 */
const entryAt = async (work: Work, device: string, plate: string) => {
  const rows = await work.tx
    .selectFrom('register_entry')
    .select(['id', 'number', 'form_json', 'closing_json'])
    .where('register', '=', passages.id)
    .where('at', '>=', work.at - passesWithinMs)
    .where(e =>
      e.not(
        e.exists(
          e.selectFrom('gate_act').select('entry').whereRef('entry', '=', 'register_entry.id').where('verdict', '=', 'passed'),
        ),
      ),
    )
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  const platesOf = await registered(work)
  return rows.find(r => {
    const form = JSON.parse(r.form_json) as { barrier?: string; plate?: string; vehicle?: string }
    const own = plateOf(form.plate ?? platesOf.find(v => v.id === form.vehicle)?.code ?? '')
    if (JSON.parse(r.closing_json ?? '{}').outcome === 'refused') return false
    return form.barrier === device && (plate === '' || own === plate)
  })
}
const registered = ({ tx }: Work) =>
  tx.selectFrom('thing').select(['id', 'code']).where('kind', '=', vehicleKind.id).where('ended_at', 'is', null).execute()

/** A vehicle is at a barrier: it is written down at once, for whoever confirms the owner (R71). */
const arrives = async (desk: Desk, work: Work, { device, at }: Pick<AccessEvent, 'device' | 'at'>, plate: string) => {
  const vehicle = (await registered(work)).find(v => plateOf(v.code) === plate)
  const lanes = await work.tx
    .selectFrom('thing')
    .select('form_json')
    .where('kind', '=', laneKind.id)
    .where('ended_at', 'is', null)
    .execute()
  const lane = lanes.map(l => JSON.parse(l.form_json)).find(l => l.barrier === device)
  const form = {
    ...(lane ? { way: lane.way } : {}),
    barrier: device,
    told: toldAt(desk, device, at),
    ...(vehicle ? { vehicle: vehicle.id } : { plate }),
  }
  return writeEntry(work, desk.engine.around, { register: passages.id, form }, { roles: gate })
}

const longestPlate = 20
const onPlate = async (desk: Desk, work: Work, told: AccessEvent) => {
  const { device, event, detail } = told
  const plate = plateOf(detail)
  // No plate; or what a device told that is not in the site file any more.
  if (plate.length > longestPlate || !desk.directory.site.devices.some(d => d.id === device)) return
  const there = await entryAt(work, device, plate)
  if (event === 'plate') {
    if (plate !== '' && !there) await arrives(desk, work, told, plate)
    return
  }
  // One that went through unread has no plate either: its device counts it.
  const entry = there ?? (plate === '' ? undefined : await arrives(desk, work, told, plate))
  if (entry) await note(desk, work, entry, { device, verdict: 'passed', kind: barrier })
}

/**
 * What doors and barriers tell (their profiles say so): `card` with the number of what was shown, `plate` and `passed` with what
 * was read of a vehicle.
 */
export const gateReactions = (desk: Desk): Partial<Reactions> => ({
  async access(work, event) {
    if (event.event === 'card') await onCard(desk, work, event)
    if (event.event === 'plate' || event.event === 'passed') await onPlate(desk, work, event)
  },
})

/**
 * Whoever is at the gate has confirmed the owner of a vehicle, or asked whose it is: its barrier is raised, unless it has passed
 * already. Said again of one that has not passed, it is raised again. Each time stands with the entry, and what was in the way.
 */
export const letVehiclePass = async (
  desk: Desk,
  work: Work,
  id: string,
  said: { outcome: 'confirmed' | 'asked' },
  doer: { roles: readonly Role[] },
): Promise<void> => {
  const row = await work.tx.selectFrom('register_entry').selectAll().where('id', '=', id).executeTakeFirst()
  if (row?.register !== passages.id) throw new Refusal('unknown-entry', 'id')
  const { form, closing, closedAt } = entryOf(row)
  const acts = await work.tx.selectFrom('gate_act').select('verdict').where('entry', '=', id).execute()
  const hasPassed = acts.some(a => a.verdict === 'passed')
  if (closedAt === null) await closeEntries(work, passages, { entries: [id], said }, doer)
  else if (hasPassed || closing['outcome'] === 'refused' || work.at - row.at > passesWithinMs)
    throw new Refusal('already-done', 'id')
  const device = form['barrier']
  if (hasPassed || typeof device !== 'string') return
  const verdict = leftAlone(wayOf(desk, device, barrier)) ?? 'let-pass'
  await note(desk, work, row, { device, verdict, kind: barrier })
}
