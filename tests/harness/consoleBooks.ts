import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TenantFile } from '#api/models/tenants'
import type { Site } from '#contract/site'
import { openCalendar } from '#program/localCalendar'
import { system } from '../../console/server/books/audit.ts'
import { type BooksStore, openBooks } from '../../console/server/books/books.ts'
import { faultText, proveBooks } from '../../console/server/books/chain/proveBooks.ts'
import { sealed } from '../../console/server/books/chain/sealing.ts'
import { migrations } from '../../console/server/books/migrations.ts'
import type { Books } from '../../console/server/books/schema.ts'
import { nothingTouched, unitOfWork } from '../../console/server/books/unitOfWork.ts'
import type { Desk } from '../../console/server/desk/desk.ts'
import { reactionsOf } from '../../console/server/desk/reactions.ts'
import { CaseEngine } from '../../console/server/engine/cases/caseEngine.ts'
import { manualOf } from '../../console/server/engine/manual.ts'
import { saveTenants } from '../../console/server/master/tenantFiles.ts'
import { openLiveState } from '../../console/server/mirror/liveState.ts'
import { Mirror } from '../../console/server/mirror/mirror.ts'
import { Directory } from '../../console/server/site/directory.ts'
import { SiteRules } from '../../console/server/site/siteRules.ts'
import { subjects } from '../../console/subjects/all.ts'
import { Emergencies } from '../../console/subjects/emergency/tickets.ts'
import { demoSite, catalogue as profiles } from './demoBuilding.ts'
import { openPostgres } from './postgresStore.ts'

/**
 * Empty books; in which database, the project of the test says (vitest.config.ts). Whatever a test has done with them, they must prove
 * themselves when it closes them.
 */
export const openEmptyBooks = async (): Promise<BooksStore> => {
  const books = await emptyBooks()
  return {
    ...books,
    async close() {
      const { faults } = await proveBooks(books.read)
      await books.close()
      if (faults.length > 0) throw new Error(`the books do not prove themselves: ${faults.map(faultText).join('; ')}`)
    },
  }
}

const emptyBooks = async (): Promise<BooksStore> => {
  if (process.env['ZHIBAN_TEST_BOOKS'] === 'postgres') return sealed(await openPostgres<Books>(migrations))
  const folder = mkdtempSync(join(tmpdir(), 'zhiban-books-'))
  const books = await openBooks(join(folder, 'books.db'))
  return {
    ...books,
    async close() {
      await books.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The console's books of the demo site with its engines, but no wire, no screens and no clock of their own. */
export const openConsoleBooks = async (
  wall: () => number,
  present: () => ReadonlySet<string> = () => new Set(),
  realTime: (at: number) => number = at => at,
  site: Site = demoSite,
) => {
  const manual = manualOf(subjects)
  const directory = new Directory(site, openCalendar(site.timeZone))
  const books = await openEmptyBooks()
  const nothing = () => {}
  const unit = unitOfWork(books, wall, nothing)
  const events = { onAgent: nothing, onAgentTurned: nothing, onHolders: nothing, onValues: nothing, onGap: nothing }
  const mirror = new Mirror(site, wall(), () => 0, events)
  const rules = await SiteRules.open(books.read, directory, manual.settings)
  const engine = new CaseEngine(
    manual,
    directory,
    rules,
    openLiveState(site, profiles, () => mirror),
  )
  // What the subjects need of the desk to react.
  const desk = { engine, directory, rules, present, realTime, books, unit, wall } as unknown as Desk
  const reactions = reactionsOf(subjects, () => desk)
  const emergencies = new Emergencies(desk)
  return {
    site,
    profiles,
    rules,
    directory,
    books,
    unit,
    mirror,
    wall,
    engine,
    emergencies,
    reactions,
    manual,
    close: () => books.close(),
  }
}
export type ConsoleBooks = Awaited<ReturnType<typeof openConsoleBooks>>

/** Every agent is heard of and in reach: without that nothing of it is known to be so. */
export const hearAgents = ({ mirror, site }: Pick<ConsoleBooks, 'mirror' | 'site'>, wall: number): void => {
  const status = { online: true, session: 's', stopped: false, version: '1', simTime: false, rejected: 0, journal: null }
  for (const { id } of site.agents) mirror.onStatus(id, { ...status, wall }, wall)
}

/** A tenant `t` in a unit. */
export const exampleTenant = (unit: string): TenantFile => ({
  ...{ id: 't', name: '示例公司', short: '示例', key: false, restriction: '' },
  contacts: [{ name: '张伟', phone: '138', may: [] }],
  tenancies: [{ unit, kind: 'lease', from: null, to: null }],
})

/** A tenant `t` in the units of zones, with the price of an hour there: 120 yuan, by quarters of an hour, at least one hour. */
export const leaseZone = ({ books, directory }: Pick<ConsoleBooks, 'books' | 'directory'>, ...zones: string[]) => {
  const tenancies = [...new Set(zones.map(z => directory.unitOfPlace(z) ?? ''))].map(unit => ({
    ...{ unit, kind: 'lease' as const, from: null, to: null },
  }))
  const tenant = { ...exampleTenant(''), tenancies }
  const price = {
    days: 'any' as const,
    fen_per_hour: 12_000,
    rounding_minutes: 15,
    minimum_minutes: 60,
    valid_from: '2026-01-01',
    valid_to: null,
  }
  return books.write(async tx => {
    await saveTenants({ tx, at: 0, actor: system, touched: nothingTouched() }, directory, [tenant], new Map())
    await tx
      .insertInto('tariff')
      .values({ id: 'p', name_json: '{"zh":"示例","en":"example"}', ...price })
      .execute()
    for (const zone of zones) await tx.insertInto('tariff_zone').values({ zone, tariff_id: 'p' }).execute()
  })
}
