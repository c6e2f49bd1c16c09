import { type Kysely, type Migration, sql } from 'kysely'

/** Forward only; a landed migration is frozen and imports nothing of the application. */
const create = (statements: string[]): Migration => ({
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
})

export const migrations: Record<string, Migration> = {
  '0001-people-and-calendar': create([
    `create table user_account (id text primary key, name text not null unique, display text not null, post text not null,
      roles_json text not null, password text not null, active integer not null default 1) strict`,
    `create table session (token_hash text primary key, user_id text not null references user_account(id),
      created_at integer not null, seen_at integer not null, station text not null) strict`,
    `create table audit (id text primary key, at integer not null, user_id text, station text not null, what text not null,
      subject text not null, detail_json text not null) strict`,
    'create index audit_at on audit(at)',
    'create table tenant (id text primary key, name text not null, short text not null, contact text not null, phone text not null) strict',
    'create table lease (unit text primary key, tenant_id text not null references tenant(id)) strict',
    `create table tariff (id text primary key, name_zh text not null, name_en text not null, fen_per_hour integer not null,
      rounding_minutes integer not null, minimum_minutes integer not null, valid_from text not null, valid_to text) strict`,
    'create table zone_tariff (zone text primary key, tariff_id text not null references tariff(id)) strict',
    'create table calendar_day (date text primary key, kind text not null, name_zh text not null, name_en text not null) strict',
  ]),
  '0002-what-the-agents-report': create([
    `create table alarm (id text primary key, source text not null, key text not null, level integer not null, kind text not null,
      device text, point text, place text, name_zh text not null, name_en text not null, raised_at integer not null,
      value_json text not null, limit_json text not null, returned_at integer, acked_at integer, acked_by text, owner text,
      notes_json text not null, ticket text) strict`,
    'create index alarm_open on alarm(returned_at, acked_at)',
    'create index alarm_ticket on alarm(ticket)',
    `create table ingested (agent text not null, journal_id text not null, n integer not null, at integer not null, type text not null,
      primary key (agent, journal_id, n)) strict, without rowid`,
    'create table high_water (agent text not null, journal_id text not null, n integer not null, primary key (agent, journal_id)) strict',
    `create table journal_gap (agent text not null, journal_id text not null, from_n integer not null, to_n integer not null,
      seen_at integer not null, primary key (agent, journal_id, from_n)) strict`,
    `create table quarantine (agent text not null, journal_id text not null, n integer not null, at integer not null, body text not null,
      reason text not null, primary key (agent, journal_id, n)) strict`,
    `create table command (id text primary key, agent text not null, point text not null, value_json text not null, level integer not null,
      kind text not null, by_zh text not null, by_en text not null, user_id text, at integer not null, until integer, step text not null,
      reason text, read_json text, steps_json text not null, causes_json text not null) strict`,
    'create index command_point on command(point, at)',
    'create index command_at on command(at)',
    `create table run_interval (id text primary key, agent text not null, zone text not null, from_at integer not null, to_at integer,
      why text not null, proof_json text not null) strict`,
    'create index run_zone on run_interval(zone, from_at)',
    `create table linkage (event text not null, linkage text not null, compartment text not null, name_zh text not null, name_en text not null,
      triggered_at integer, start_ms integer, start_limit_ms integer, feedback_ms integer, feedback_limit_ms integer,
      missing integer not null default 0, released_at integer, primary key (event, linkage)) strict`,
    `create table compartment_event (event text primary key, agent text not null, compartment text not null, met_at integer not null,
      released_at integer, causes_json text not null) strict`,
    `create table access_event (id text primary key, agent text not null, device text not null, at integer not null, event text not null,
      detail text not null) strict`,
  ]),
  '0003-cases-and-charges': create([
    'create table counter (procedure text not null, period text not null, n integer not null, primary key (procedure, period)) strict',
    `create table case_file (id text primary key, procedure text not null, version integer not null, number text not null unique,
      state text not null, place text, tenant text, owner text not null, opened_at integer not null, changed_at integer not null,
      ended_at integer, urgent integer not null default 0, form_json text not null, facts_json text not null) strict`,
    'create index case_state on case_file(procedure, ended_at, opened_at)',
    `create table case_event (case_id text not null references case_file(id), n integer not null, at integer not null, by_user text not null,
      verb text not null, from_state text, to_state text, note text not null, detail_json text not null, primary key (case_id, n)) strict`,
    `create table case_step (case_id text not null references case_file(id), n integer not null, text_zh text not null, text_en text not null,
      owner_zh text not null, owner_en text not null, source text, within_s integer, after_n integer, started_at integer, due_at integer,
      done_at integer, done_by text, overdue_at integer, primary key (case_id, n)) strict`,
    `create table case_link (from_case text not null references case_file(id), to_case text not null references case_file(id),
      relation text not null, primary key (from_case, to_case, relation)) strict`,
    `create table booking (case_id text primary key references case_file(id), zone text not null, tenant text not null,
      from_at integer not null, to_at integer not null, live integer not null, quoted_fen integer not null) strict`,
    'create index booking_zone on booking(zone, from_at)',
    `create table charge_line (id text primary key, case_id text not null unique references case_file(id), tenant text not null,
      zone text not null, from_at integer not null, to_at integer not null, confirmed_minutes integer not null,
      billable_minutes integer not null, fen_per_hour integer not null, fen integer not null, month text not null, note_json text,
      counted_json text not null, made_at integer not null) strict`,
    'create index charge_month on charge_line(month, tenant)',
    `create table outbox (id integer primary key, what text not null, body_json text not null, made_at integer not null,
      done_at integer) strict`,
    'create index outbox_open on outbox(done_at)',
    'create table programme_revision (revision integer primary key, at integer not null, hash text not null, body_json text not null) strict',
  ]),
  '0004-one-history': create([
    `create table history (record text not null, n integer not null, at integer not null, by_user text not null, station text not null,
      verb text not null, from_state text, to_state text, note text not null, detail_json text not null, hash text not null,
      primary key (record, n)) strict, without rowid`,
    `create table history_head (record text primary key, n integer not null, hash text not null) strict, without rowid`,
    `insert into history select case_id, n, at, by_user, '', verb, from_state, to_state, note, detail_json, '' from case_event`,
    "insert into history_head select case_id, max(n), '' from case_event group by case_id",
    'drop table case_event',
    `create trigger history_is_append_only_1 before update on history begin select raise(abort, 'history is append-only'); end`,
    `create trigger history_is_append_only_2 before delete on history begin select raise(abort, 'history is append-only'); end`,
    'alter table case_file add column revision integer not null default 0',
  ]),
  '0005-deadlines-and-settings': create([
    `create table case_deadline (case_id text not null references case_file(id), key text not null, started_at integer not null,
      warn_at integer not null, limit_at integer not null, escalate_at integer not null, paused_at integer, approaching_at integer,
      missed_at integer, escalated_at integer, met_at integer, next_at integer, primary key (case_id, key)) strict, without rowid`,
    'create index deadline_next on case_deadline(next_at) where next_at is not null',
    `create table notice (id text primary key, at integer not null, roles_json text not null, record text not null, kind text not null,
      text_zh text not null, text_en text not null) strict`,
    'create index notice_at on notice(at)',
    `create table notice_seen (notice text not null references notice(id), user_id text not null, at integer not null,
      primary key (notice, user_id)) strict, without rowid`,
    'alter table case_file add column due_at integer',
    'alter table case_file add column warn_at integer',
    'create index case_due on case_file(due_at) where ended_at is null',
    'create table setting (key text primary key, value_json text not null, changed_at integer not null, changed_by text not null) strict',
  ]),
  '0006-duties': create([
    `create table duty (id text primary key, routine text not null, period text not null, owes text not null, target_at integer,
      limit_at integer not null, near_at integer, missed_at integer, done_at integer, done_by text, note text, figures_json text,
      unique (routine, period)) strict`,
    'create index duty_open on duty(limit_at) where done_at is null',
    'create index duty_limit on duty(limit_at)',
  ]),
  '0007-handover': create([
    `create table handover_item (case_id text not null references case_file(id), n integer not null, kind text not null, ref text not null,
      text_zh text not null, text_en text not null, needs_remark integer not null, remark text, over integer not null,
      checked_at integer, checked_by text, primary key (case_id, n)) strict, without rowid`,
  ]),
  '0008-search-and-registers': create([
    `create table search_index (record text primary key, kind text not null, number text not null, at integer not null,
      text text not null) strict, without rowid`,
    'insert into search_index select id, procedure, number, opened_at, lower(number || form_json) from case_file',
    `create table register_entry (id text primary key, register text not null, number text not null unique, at integer not null,
      by_user text not null, form_json text not null, case_id text references case_file(id), corrects text references register_entry(id),
      read_at integer, read_by text) strict`,
    'create index register_at on register_entry(register, at)',
    'create index case_tenant on case_file(tenant, opened_at)',
    'create index case_opened on case_file(procedure, opened_at)',
    'create index case_link_back on case_link(to_case)',
  ]),
  '0009-attachments': create([
    `create table attachment (id text primary key, case_id text not null references case_file(id), name text not null, type text not null,
      bytes integer not null, sha256 text not null, at integer not null, by_user text not null) strict`,
    'create index attachment_case on attachment(case_id)',
  ]),
  '0010-posts': create([
    `create table post (id text primary key, name_zh text not null, name_en text not null, roles_json text not null) strict`,
  ]),
  '0011-in-whose-hands': create([
    'alter table case_file add column department text',
    'alter table case_file add column handler text',
    `update case_file set department = 'engineering' where procedure = 'repair'`,
    // What 0008 put there could not be found by pinyin; the console writes what is missing at its start.
    'delete from search_index where record in (select id from case_file)',
  ]),
  '0012-rosters': create([
    `create table roster_shift (case_id text not null references case_file(id), date text not null, shift text not null,
      person text not null, primary key (case_id, date, shift, person)) strict, without rowid`,
    'create index roster_date on roster_shift(date)',
  ]),
  '0013-summaries-and-checks': create([
    'alter table duty add column tables_json text',
    'alter table register_entry add column checked_at integer',
    'alter table register_entry add column checked_by text',
  ]),
  '0014-posts-that-owe': create([
    'create table duty_post (routine text not null, post text not null references post(id), primary key (routine, post)) strict, without rowid',
  ]),
  '0015-sent-forms': create([
    'create table sent_form (sent_as text primary key, case_id text not null references case_file(id)) strict, without rowid',
  ]),
  // For what is looked for every second, or with every screen that connects, however many years stand in the books.
  '0016-indexes-of-the-present': create([
    'create index case_step_waiting on case_step(due_at) where done_at is null and overdue_at is null',
    'create index alarm_unacked on alarm(acked_at)',
    'create index booking_to_come on booking(live, to_at)',
  ]),
  '0017-as-it-was-signed-and-sent': create([
    'create index linkage_last on linkage(compartment, linkage, triggered_at)',
    'alter table duty add column from_at integer',
    'alter table duty add column to_at integer',
    'alter table sent_form add column form_json text',
    'alter table register_entry add column sent_as text',
    'create unique index register_sent on register_entry(sent_as) where sent_as is not null',
  ]),
  '0018-relapses-and-true-lengths': create([
    'alter table linkage add column relapsed_at integer',
    'alter table run_interval add column lasted_ms integer',
  ]),
  '0019-who-attached': create([
    'alter table attachment add column by_id text',
    'create index attachment_by on attachment(by_id, at)',
  ]),
  '0020-room': create([
    // Written over and over while the books could not be written, to learn whether there is room again.
    'create table room (id integer primary key, filler blob not null) strict',
  ]),
  '0021-how-bookings-go': create([
    // When it was told that it has not begun to run, and that it was not signed yet: each is told once.
    'alter table booking add column not_started_at integer',
    'alter table booking add column chased_at integer',
    "alter table charge_line add column missed_json text not null default '[]'",
  ]),
  // A name stands for an account only where no other account has it.
  '0023-persons-by-account': create([
    'alter table case_file add column owner_id text',
    'alter table case_file add column handler_id text',
    'alter table handover_item add column checked_by_id text',
    `create table case_person (case_id text not null references case_file(id), name text not null, user_id text,
      concerned integer not null, since integer not null, primary key (case_id, name)) strict, without rowid`,
    'create index case_person_account on case_person(user_id, concerned)',
    'create index case_person_name on case_person(name, concerned)',
    `update case_file set owner_id = (select min(id) from user_account where display = owner)
      where (select count(*) from user_account where display = owner) = 1`,
    `update case_file set handler_id = (select min(id) from user_account where display = handler)
      where (select count(*) from user_account where display = handler) = 1`,
    // Who is complained of, and who once was before a correction took the name out.
    `insert into case_person select id, name, null, 1, opened_at from
      (select id, opened_at, json_extract(form_json, '$.against') as name from case_file where procedure = 'complaint')
      where name is not null`,
    `insert into case_person select distinct c.id, json_extract(h.detail_json, '$.against.before'), null, 1, c.opened_at
      from history h join case_file c on c.id = h.record
      where c.procedure = 'complaint' and h.verb = 'correct' and json_extract(h.detail_json, '$.against.before') is not null
      on conflict do nothing`,
    // And what was opened because of it.
    `insert into case_person
      with recursive led(case_id, name, since) as (
        select case_id, name, since from case_person
        union select l.to_case, led.name, led.since from led join case_link l on l.from_case = led.case_id)
      select case_id, name, null, 1, min(since) from led where true group by case_id, name on conflict do nothing`,
    `update case_person set user_id = (select min(id) from user_account where display = name)
      where (select count(*) from user_account where display = name) = 1`,
    // The general manager has a role of his own.
    `update post set roles_json = '["general-manager"]' where id = 'gm' and roles_json = '["manager"]'`,
  ]),
  '0024-cases-behind-figures': create(['alter table duty add column behind_json text']),
  '0025-steps-set-aside': create([
    'alter table case_step add column aside_at integer',
    'alter table case_step add column aside_by text',
    'alter table case_step add column aside_why text',
    "alter table case_step add column posts_json text not null default '[]'",
  ]),
  '0026-who-was-told': create([
    'alter table notice add column rings integer not null default 0',
    `create table ticket_told (notice text not null references notice(id), case_id text not null references case_file(id), step integer,
      at integer not null, post text not null, post_zh text not null, post_en text not null, user_id text, person text not null,
      on_screen integer not null) strict`,
    'create index ticket_told_case on ticket_told(case_id, at)',
    'create index ticket_told_notice on ticket_told(notice)',
  ]),
}
