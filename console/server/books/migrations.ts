import { type Kysely, type Migration, sql } from 'kysely'
import { ulid } from 'ulid'
import { databaseOf, makeTables } from '#store/makeTables'
import { proveOlderHistory } from './chain/olderHistory.ts'
import { tables } from './schema.ts'
import { agendaTables } from './tables/agenda.ts'
import { alarmLifeTables } from './tables/alarmLife.ts'
import { tablesSinceSegments } from './tables/bookings.ts'
import { callLinkTables, callTables } from './tables/calls.ts'
import { chainTables } from './tables/chain.ts'
import { customerLinkTables } from './tables/customerLinks.ts'
import { deskTables } from './tables/desk.ts'
import { deskEngineTables } from './tables/deskEngine.ts'
import { drawingTables } from './tables/drawings.ts'
import { erasureTables } from './tables/erasure.ts'
import { floorPlanTables } from './tables/floorPlans.ts'
import { gateTables } from './tables/gate.ts'
import { lockTables } from './tables/locks.ts'
import { machineTables } from './tables/machines.ts'
import { masterDataTables } from './tables/masterData.ts'
import { moneyTables, tablesSinceSentBack } from './tables/money.ts'
import { passwordTables } from './tables/passwords.ts'
import { postCheckTables } from './tables/postChecks.ts'
import { providerTables } from './tables/provider.ts'
import { tenantTables } from './tables/tenants.ts'

const refuse = (table: string, when: 'insert' | 'update' | 'delete', condition: string, why: string) =>
  `create trigger ${table}_${when} before ${when} on ${table} when ${condition} begin select raise(abort, '${why}'); end`

const taken = `new.live = 1 and exists (select 1 from booking b where b.zone = new.zone and b.live = 1
  and b.case_id <> new.case_id and b.from_at < new.to_at and b.to_at > new.from_at)`

/** What the tables cannot say, in the words of each database: history is never rewritten, and a zone is booked by one at a time. */
const guards = {
  sqlite: [
    refuse('history', 'update', 'true', 'history is append-only'),
    refuse('history', 'delete', 'true', 'history is append-only'),
    refuse('booking', 'insert', taken, 'bookings of a zone overlap'),
    refuse('booking', 'update', taken, 'bookings of a zone overlap'),
  ],
  postgres: [
    `create function history_is_append_only() returns trigger language plpgsql
      as $$ begin raise exception 'history is append-only'; end $$`,
    'create trigger history_guard before update or delete on history for each row execute function history_is_append_only()',
    'create extension if not exists btree_gist',
    `alter table booking add constraint bookings_of_a_zone_overlap
      exclude using gist (zone with =, int8range(from_at, to_at) with &&) where (live = 1)`,
  ],
}

const twiceLet = `exists (select 1 from tenancy t where t.unit = new.unit and t.kind = new.kind and t.id <> new.id
  and coalesce(t.from_date, '0') <= coalesce(new.to_date, '9') and coalesce(new.from_date, '0') <= coalesce(t.to_date, '9'))`
/** A unit has one tenant and one owner at a time. */
const tenancyGuards = {
  sqlite: [
    refuse('tenancy', 'insert', twiceLet, 'tenancies of a unit overlap'),
    refuse('tenancy', 'update', twiceLet, 'tenancies of a unit overlap'),
  ],
  postgres: [
    `create function day_number(day text, otherwise bigint) returns bigint language sql immutable
      as $$ select coalesce(replace(day, '-', '')::bigint, otherwise) $$`,
    `alter table tenancy add constraint tenancies_of_a_unit_overlap exclude using gist
      (unit with =, kind with =, int8range(day_number(from_date, 0), day_number(to_date, 99999999), '[]') with &&)`,
  ],
}

/** Leases get dates, contacts a table, prices kinds of day; what was there is taken over. */
const upToTenants = async (db: Kysely<unknown>) => {
  await makeTables(db, tenantTables)
  for (const guard of tenancyGuards[databaseOf(db)]) await sql.raw(guard).execute(db)
  const statements = [
    `insert into tenant_contact (tenant_id, position, name, phone, may_json) select id, 0, contact, phone, '[]' from tenant`,
    `insert into tenancy (id, unit, tenant_id, kind, from_date, to_date) select unit, unit, tenant_id, 'lease', null, null from lease`,
    'insert into tariff_zone (tariff_id, zone) select tariff_id, zone from zone_tariff',
    'drop table lease',
    'drop table zone_tariff',
    'alter table tenant drop column contact',
    'alter table tenant drop column phone',
    'alter table tenant add column key_customer integer not null default 0',
    `alter table tenant add column restriction text not null default ''`,
    `alter table tariff add column days text not null default 'any'`,
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}

/** One chain takes the place of a chain for each history; whether those were whole stands in the audit, before it begins. */
const upToChain = async (db: Kysely<unknown>) => {
  await makeTables(db, chainTables)
  const { entries, fault } = await proveOlderHistory(db)
  const detail = JSON.stringify({ entries, fault })
  if (entries > 0 || fault !== null)
    await sql`insert into audit (id, at, user_id, station, what, subject, detail_json)
      values (${ulid()}, ${Date.now()}, null, 'console', 'chain-begun', ${'books'}, ${detail})`.execute(db)
  await db.schema.dropTable('history_head').execute()
  await db.schema.alterTable('history').dropColumn('hash').execute()
}

/** Sessions can be locked, and people have PINs. */
const upToLocks = async (db: Kysely<unknown>) => {
  await makeTables(db, lockTables)
  const whole = databaseOf(db) === 'sqlite' ? 'integer' : 'bigint'
  await db.schema.alterTable('session').addColumn('locked_at', whole).execute()
}

/** What whoever administers could do alone is three powers now, and he has them all. */
const upToPowers = async (db: Kysely<unknown>) => {
  for (const table of ['post', 'user_account'])
    await sql`update ${sql.table(table)} set roles_json = replace(roles_json, '"administrator"', '"administrator","security","auditor"')`.execute(
      db,
    )
}

/** History is rewritten by nothing but an erasure, which says so within its transaction. */
const upToErasure = async (db: Kysely<unknown>) => {
  await makeTables(db, erasureTables)
  const statements = {
    sqlite: [
      'drop trigger history_update',
      refuse('history', 'update', 'not exists (select 1 from erasing e where e.record = old.record)', 'history is append-only'),
    ],
    postgres: [
      `create or replace function history_is_append_only() returns trigger language plpgsql as $$ begin
        if tg_op = 'UPDATE' and exists (select 1 from erasing e where e.record = old.record) then return new; end if;
        raise exception 'history is append-only'; end $$`,
    ],
  }
  for (const statement of statements[databaseOf(db)]) await sql.raw(statement).execute(db)
}

/** As `isOpen` in agents/alarms/rows.ts asks for it. */
const openAlarm = 'continued_by is null and (returned_at is null or acked_at is null or latched = 1)'

/** Alarms have a life: repeats, latches, and what people take out of sight. */
const upToAlarmLife = async (db: Kysely<unknown>) => {
  await makeTables(db, alarmLifeTables)
  const whole = databaseOf(db) === 'sqlite' ? 'integer' : 'bigint'
  const statements = [
    'alter table alarm add column first_id text',
    'alter table alarm add column continued_by text',
    `alter table alarm add column times ${whole} not null default 1`,
    `alter table alarm add column rings ${whole} not null default 1`,
    `alter table alarm add column latched ${whole} not null default 0`,
    `alter table alarm add column chatters ${whole} not null default 0`,
    'create index alarm_by_raised_at on alarm (raised_at)',
    'create index alarm_of_key on alarm (key, source, raised_at)',
    `create index alarm_open on alarm (level, raised_at) where ${openAlarm}`,
    // After the other of its columns: of two that fit equally the last is taken.
    `create index alarm_open_key on alarm (key, source) where ${openAlarm}`,
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}

/** A message may have several links that open; the one that was kept of each goes on. */
const upToCallLinks = async (db: Kysely<unknown>) => {
  await makeTables(db, callLinkTables)
  const statements = [
    'insert into delivery_link (token_hash, delivery) select token_hash, id from delivery where token_hash is not null',
    'drop index delivery_by_token_hash',
    'alter table delivery drop column token_hash',
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const reservedTwice = `exists (select 1 from reservation r where r.resource = new.resource
  and r.case_id <> new.case_id and r.from_at < new.to_at and r.to_at > new.from_at)`
/** A resource is one case's at a time. */
const reservationGuards = {
  sqlite: [
    refuse('reservation', 'insert', reservedTwice, 'reservations of a resource overlap'),
    refuse('reservation', 'update', reservedTwice, 'reservations of a resource overlap'),
  ],
  postgres: [
    `alter table reservation add constraint reservations_of_a_resource_overlap
      exclude using gist (resource with =, int8range(from_at, to_at) with &&)`,
  ],
}

/** Cases get lines and rest until their day, registers a life, and the site things of its own. */
const upToDeskEngine = async (db: Kysely<unknown>) => {
  const whole = databaseOf(db) === 'sqlite' ? 'integer' : 'bigint'
  await makeTables(db, deskEngineTables)
  const statements = [
    ...reservationGuards[databaseOf(db)],
    'create unique index thing_code on thing (kind, code) where ended_at is null',
    `alter table case_file add column wakes_at ${whole}`,
    'create index case_file_wakes on case_file (wakes_at) where wakes_at is not null',
    ...['due_at', 'told_at', 'met_at', 'closed_at'].map(c => `alter table register_entry add column ${c} ${whole}`),
    ...['met_by', 'met_by_id', 'closed_by', 'closed_by_id', 'closing_json'].map(
      c => `alter table register_entry add column ${c} text`,
    ),
    'create index register_entry_due on register_entry (due_at) where closed_at is null and due_at is not null',
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}

/** What went to Finance stays as it went. */
const sheetGuards = {
  sqlite: [
    refuse('sheet_line', 'update', 'true', 'what went to Finance is never changed'),
    refuse('sheet_line', 'delete', 'true', 'what went to Finance is never changed'),
  ],
  postgres: [
    `create function sheets_are_append_only() returns trigger language plpgsql
      as $$ begin raise exception 'what went to Finance is never changed'; end $$`,
    'create trigger sheet_line_guard before update or delete on sheet_line for each row execute function sheets_are_append_only()',
  ],
}

type HandedIn = { period: string; done_at: number; done_by: string | null; done_by_id: string | null }
type OldLine = Record<'id' | 'case_id' | 'number' | 'tenant' | 'zone' | 'month', string> &
  Record<'from_at' | 'to_at' | 'confirmed_minutes' | 'billable_minutes' | 'fen_per_hour' | 'fen', number> & {
    note_json: string | null
    changed_json: string | null
  }

/** Months become sheets. Those that were handed in as a duty hold what had been made by then; what was made later is carried forward. */
const upToMonths = async (db: Kysely<unknown>) => {
  await makeTables(db, moneyTables)
  const handed = await sql<HandedIn>`select period, done_at, done_by, done_by_id from duty
    where routine = 'service-totals' and done_at is not null order by period`.execute(db)
  // A line may have been made anew since: whether it stood there then, and what it came to, the audit knows.
  const told = await sql<{ at: number; what: string; subject: string; detail_json: string }>`select at, what, subject, detail_json
    from audit where what in ('charge-made', 'charge-corrected') order by at`.execute(db)
  const about = new Map<string, typeof told.rows>()
  for (const t of told.rows) about.set(t.subject, [...(about.get(t.subject) ?? []), t])
  for (const { period, done_at, done_by, done_by_id } of handed.rows) {
    await sql`insert into month_sheet (month, state, handed_at, handed_by, handed_by_id)
      values (${period}, 'handed', ${done_at}, ${done_by}, ${done_by_id})`.execute(db)
    const lines = await sql<OldLine>`select l.*, c.number from charge_line l join case_file c on c.id = l.case_id
      where l.month = ${period} order by l.tenant, l.from_at`.execute(db)
    const stood = lines.rows.filter(l =>
      about.get(l.case_id)?.some(t => t.what === 'charge-made' && Number(t.at) <= Number(done_at)),
    )
    for (const [i, l] of stood.entries()) {
      const changed = about.get(l.case_id)?.find(t => t.what === 'charge-corrected' && Number(t.at) > Number(done_at))
      const fen = Number(changed ? JSON.parse(changed.detail_json).before : l.fen)
      const line = {
        ...{ charge: l.id, caseId: l.case_id, number: l.number, item: { zh: '超时空调', en: 'Overtime air' } },
        ...{ tenant: l.tenant, place: l.zone, at: Number(l.from_at), to: Number(l.to_at), month: l.month, proved: true },
        measured: {
          confirmedMinutes: Number(l.confirmed_minutes),
          billableMinutes: Number(l.billable_minutes),
          pricePerHourFen: Number(l.fen_per_hour),
        },
        ...{ note: l.note_json === null ? null : JSON.parse(l.note_json), chargedFen: fen, fen, kind: 'own' },
      }
      await sql`insert into sheet_line (sheet, n, charge, fen, kind, line_json)
        values (${period}, ${i + 1}, ${l.id}, ${fen}, 'own', ${JSON.stringify(line)})`.execute(db)
    }
  }
  for (const guard of sheetGuards[databaseOf(db)]) await sql.raw(guard).execute(db)
}

/** A sheet can come back from Finance and be handed in anew; what went the first time stays. */
const upToSentBack = async (db: Kysely<unknown>) => {
  const whole = databaseOf(db) === 'sqlite' ? 'integer' : 'bigint'
  const columns = Object.keys(moneyTables.sheet_line.columns).join(', ')
  await sql.raw(`alter table month_sheet add column round ${whole} not null default 0`).execute(db)
  await sql.raw('create table was_sheet_line as select * from sheet_line').execute(db)
  await sql.raw('drop table sheet_line').execute(db)
  const { sheet_line } = tablesSinceSentBack
  await makeTables(db, { sheet_line })
  const [guardUpdate, guardDelete] = sheetGuards.sqlite
  for (const statement of [
    `insert into sheet_line (${columns}, round) select ${columns}, 0 from was_sheet_line`,
    'drop table was_sheet_line',
    ...(databaseOf(db) === 'sqlite' ? [guardUpdate, guardDelete] : sheetGuards.postgres.slice(1)),
  ])
    await sql.raw(statement ?? '').execute(db)
}

const zoneTaken = `new.live = 1 and exists (select 1 from booking b where b.zone = new.zone and b.live = 1
  and b.id <> new.id and b.from_at < new.to_at and b.to_at > new.from_at)`
const segmentGuards = {
  sqlite: [
    refuse('booking', 'insert', zoneTaken, 'bookings of a zone overlap'),
    refuse('booking', 'update', zoneTaken, 'bookings of a zone overlap'),
  ],
  postgres: [
    `alter table booking add constraint bookings_of_a_zone_overlap
      exclude using gist (zone with =, int8range(from_at, to_at) with &&) where (live = 1)`,
  ],
}

/** A booking becomes one row for each zone and evening. One that was there is its own first row, under the id of its case. */
const upToSegments = async (db: Kysely<unknown>) => {
  const old = ['booking', 'charge_line'] as const
  const columnsOf = (table: (typeof old)[number]) => Object.keys(deskTables[table].columns).join(', ')
  for (const table of old) {
    await sql.raw(`create table was_${table} as select * from ${table}`).execute(db)
    await sql.raw(`drop table ${table}`).execute(db)
  }
  await makeTables(db, tablesSinceSegments)
  const over = `(select max(l.made_at) from was_charge_line l where l.case_id = b.case_id)`
  for (const statement of [
    `insert into booking (id, ${columnsOf('booking')}, ended_at)
      select case_id, ${columnsOf('booking')}, ${over} from was_booking b`,
    `insert into charge_line (${columnsOf('charge_line')}, booking) select ${columnsOf('charge_line')}, case_id from was_charge_line`,
    ...old.map(table => `drop table was_${table}`),
    ...segmentGuards[databaseOf(db)],
  ])
    await sql.raw(statement).execute(db)
  const booked = await sql<{ id: string; to_at: number; form_json: string }>`select b.id, b.to_at, c.form_json from booking b
    join case_file c on c.id = b.case_id`.execute(db)
  for (const { id, to_at, form_json } of booked.rows)
    if (Number(JSON.parse(form_json).to ?? to_at) > Number(to_at))
      await sql`update booking set stopped_at = ${to_at} where id = ${id}`.execute(db)
}

/** The tables of a landed version are frozen: what changes later comes as a further migration with columns of its own. */
export const migrations: Record<string, Migration> = {
  '0001-books': {
    async up(db) {
      await makeTables(db, tables)
      for (const guard of guards[databaseOf(db)]) await sql.raw(guard).execute(db)
    },
  },
  '0002-passwords': { up: db => makeTables(db, passwordTables) },
  '0003-tenants': { up: upToTenants },
  '0004-chain': { up: upToChain },
  '0005-locks': { up: upToLocks },
  '0006-powers': { up: upToPowers },
  '0007-machines': { up: db => makeTables(db, machineTables) },
  '0008-provider': { up: db => makeTables(db, providerTables) },
  '0009-erasure': { up: upToErasure },
  '0010-master-data': { up: db => makeTables(db, masterDataTables) },
  '0011-alarm-life': { up: upToAlarmLife },
  '0012-calls': {
    async up(db) {
      await makeTables(db, callTables)
      await sql.raw(`alter table person_file add column mail text not null default ''`).execute(db)
    },
  },
  '0013-step-lead': {
    async up(db) {
      const whole = databaseOf(db) === 'sqlite' ? 'integer' : 'bigint'
      await sql.raw(`alter table case_step add column by_lead ${whole} not null default 0`).execute(db)
    },
  },
  '0014-floor-plans': { up: db => makeTables(db, floorPlanTables) },
  '0015-call-links': { up: upToCallLinks },
  '0016-post-checks': { up: db => makeTables(db, postCheckTables) },
  '0017-agenda': { up: db => makeTables(db, agendaTables) },
  '0018-desk-engine': { up: upToDeskEngine },
  '0019-months': { up: upToMonths },
  '0020-segments': { up: upToSegments },
  '0021-gate': { up: db => makeTables(db, gateTables) },
  '0022-shared-air': {
    async up(db) {
      await sql.raw('alter table charge_line add column shared_by text').execute(db)
      // So far each has paid for himself.
      await sql.raw(`update charge_line set shared_by = 'each'`).execute(db)
    },
  },
  '0023-customer-links': { up: db => makeTables(db, customerLinkTables) },
  '0024-drawings': { up: db => makeTables(db, drawingTables) },
  '0025-replies': {
    async up(db) {
      // Up to now nothing said that one of them waits for a reply.
      await sql
        .raw(
          `update register_entry set closed_at = at, closed_by = by_user, closed_by_id = by_id
          where closed_at is null and register in ('phone-record', 'visit-register', 'three-arrivals')`,
        )
        .execute(db)
    },
  },
  '0026-sent-back': { up: upToSentBack },
}
