import { type Migration, sql } from 'kysely'
import { databaseOf, makeTables } from '#store/makeTables'
import { tables } from './schema.ts'
import { passwordTables } from './tables/passwords.ts'

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

/** The tables of a landed version are frozen: what changes later comes as a further migration with columns of its own. */
export const migrations: Record<string, Migration> = {
  '0001-books': {
    async up(db) {
      await makeTables(db, tables)
      for (const guard of guards[databaseOf(db)]) await sql.raw(guard).execute(db)
    },
  },
  '0002-passwords': { up: db => makeTables(db, passwordTables) },
}
