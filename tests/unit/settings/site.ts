import type { Refusal } from '#api/errors'
import type { User } from '#api/models/people'
import type { Role } from '#api/rights'
import type { Route } from '#program/httpApi'
import { system } from '../../../console/server/books/audit.ts'
import type { Asker, Desk } from '../../../console/server/desk/desk.ts'
import { DutyBook } from '../../../console/server/engine/routines/dutyBook.ts'
import type { SettingValue } from '../../../console/server/site/settings.ts'
import { setShifts } from '../../../console/subjects/roster/rosterBook.ts'
import { type ConsoleBooks, leaseZone, openConsoleBooks } from '../../harness/consoleBooks.ts'

const everybody: Record<string, Role> = {
  desk: 'front-desk',
  head: 'supervisor',
  boss: 'manager',
  engineer: 'engineer',
  operator: 'operator',
  guard: 'guard',
}
export type Name = 'desk' | 'head' | 'boss' | 'engineer' | 'operator' | 'guard'
export const zone = 'f12-e'
export const days = (n: number) => n * 86_400_000

/** A site with its people, a tenant and his price, on which the real rules are carried out by hand. Its clock stands. */
export class TriedSite {
  /** 24 November 2026, a Tuesday, 09:00. */
  now = Date.parse('2026-11-24T09:00:00+08:00')
  readonly books: ConsoleBooks
  readonly duties: DutyBook

  private constructor(books: ConsoleBooks) {
    this.books = books
    this.duties = new DutyBook(books.engine.around)
  }

  static async open(): Promise<TriedSite> {
    const clock = { now: () => 0 }
    const site = new TriedSite(await openConsoleBooks(() => clock.now()))
    clock.now = () => site.now
    await site.books.books.write(async tx => {
      for (const [name, role] of Object.entries(everybody)) {
        const account = { id: name, name, display: name, post: '-', password: '', active: 1 }
        await tx
          .insertInto('user_account')
          .values({ ...account, roles_json: JSON.stringify([role]) })
          .execute()
      }
    })
    await leaseZone(site.books, zone)
    return site
  }

  get db() {
    return this.books.books.read
  }

  async set(key: string, value: SettingValue) {
    await this.books.unit(system, work => this.books.rules.set(work, key, value, '-'))
    await this.books.rules.reload(this.db)
  }

  as<R>(name: Name, act: Parameters<typeof this.books.unit<R>>[1]) {
    return this.books.unit<R>({ id: name, display: name, station: 'test', proven: true }, act)
  }

  open(name: Name, procedure: string, form: Record<string, unknown>, urgent = false) {
    return this.as(name, work => this.books.engine.open(work, procedure, { form, urgent }, who(name)))
  }

  act(name: Name, id: string, verb: string, said: Record<string, unknown> = {}) {
    return this.as(name, work => this.books.engine.act(work, id, verb, said, who(name)))
  }

  /** One clock of a case; undefined where it has none. */
  clock(caseId: string, key: string) {
    const rows = this.db.selectFrom('case_deadline').select(['warn_at', 'limit_at', 'escalate_at'])
    return rows.where('case_id', '=', caseId).where('key', '=', key).executeTakeFirst()
  }

  /** What a route of the console answers to somebody. The routes get the real desk, as far as these read it. */
  ask(name: Name, routes: (desk: Desk) => Route<Asker>[], path: string, query: object = {}, method = 'get'): Promise<unknown> {
    const { books, rules, engine, directory, mirror, unit } = this.books
    const desk = { books, rules, engine, directory, mirror, unit, duties: this.duties, wall: () => this.now }
    const route = routes(desk as unknown as Desk).find(r => r.method === method && r.path === path)
    const user: User = { ...who(name), name } as unknown as User
    const asked = {
      who: { user, actor: { id: name, display: name, station: 'test', proven: true } },
      query,
      params: {},
      body: undefined,
    }
    return Promise.resolve(route?.handle(asked as never))
  }

  /** A roster of a month with the same people on every day and night, as it is being prepared. */
  async roster(month: string, night: string) {
    const file = await this.open('head', 'roster', { month, department: 'engineering' })
    const dates = Array.from({ length: 31 }, (_, i) => `${month}-${String(i + 1).padStart(2, '0')}`)
    const real = dates.filter(d => new Date(`${d}T00:00:00Z`).toISOString().startsWith(d))
    const lines = real.flatMap(date => [
      { date, shift: 'day' as const, person: 'day' },
      { date, shift: 'night' as const, person: night },
    ])
    await this.as('head', work => setShifts(work, file, lines))
    return file.id
  }

  close() {
    return this.books.close()
  }
}

export const who = (name: Name) => ({ id: name, display: name, roles: [everybody[name] as Role] })
/** The code with which something is refused, or "done". */
export const refusal = (p: Promise<unknown>): Promise<string | undefined> =>
  p.then(
    () => 'done',
    (e: Refusal) => e.code,
  )
