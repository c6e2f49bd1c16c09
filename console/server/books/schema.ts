import type { SelectQueryBuilder } from 'kysely'
import type { TariffDays } from '#api/models/tariffs'
import type { RowsOf } from '#store/makeTables'
import { agendaTables } from './tables/agenda.ts'
import { alarmLifeTables, tablesSinceAlarmLife } from './tables/alarmLife.ts'
import { tablesSinceSegments, tablesSinceSharedAir } from './tables/bookings.ts'
import { callLinkTables, callTables, tablesSinceCallLinks, tablesSinceCalls } from './tables/calls.ts'
import { caseTables } from './tables/cases.ts'
import type { chainTables } from './tables/chain.ts'
import { customerLinkTables } from './tables/customerLinks.ts'
import { deskTables } from './tables/desk.ts'
import { deskEngineTables, tablesSinceDeskEngine } from './tables/deskEngine.ts'
import { drawingTables } from './tables/drawings.ts'
import { tablesSinceStepLead } from './tables/emergencies.ts'
import { erasureTables } from './tables/erasure.ts'
import { fieldTables } from './tables/field.ts'
import { floorPlanTables } from './tables/floorPlans.ts'
import { gateTables } from './tables/gate.ts'
import { lockTables, tablesSinceLocks } from './tables/locks.ts'
import { machineTables } from './tables/machines.ts'
import { masterDataTables } from './tables/masterData.ts'
import { moneyTables, tablesSinceSentBack } from './tables/money.ts'
import { passwordTables } from './tables/passwords.ts'
import { peopleTables } from './tables/people.ts'
import { postCheckTables } from './tables/postChecks.ts'
import { providerTables } from './tables/provider.ts'
import { siteTables } from './tables/site.ts'
import { tablesSinceTenants, tenantTables } from './tables/tenants.ts'

/**
 * Tables of books.db: never thinned, every commit on disk before it is answered (design §7). JSON columns end in `_json`, times
 * are milliseconds since 1970. A person is his account (`_id`) beside the name that he had that day; without account where the
 * console itself has acted, or somebody was named who has none. One that another refers to comes first.
 */
export const tables = { ...peopleTables, ...siteTables, ...fieldTables, ...caseTables, ...deskTables }

/** Since 0004 the chain keeps what a history kept of itself. */
const { hash: _, ...historyColumns } = caseTables.history.columns
const { lease: _l, zone_tariff: _z, history_head: _h, ...still } = tables
/** The tables as they are now, but for the chain. */
export const tablesNow = {
  ...still,
  ...passwordTables,
  ...tenantTables,
  ...lockTables,
  ...machineTables,
  ...providerTables,
  ...erasureTables,
  ...masterDataTables,
  ...alarmLifeTables,
  ...tablesSinceAlarmLife,
  ...callTables,
  ...tablesSinceCalls,
  ...callLinkTables,
  ...tablesSinceCallLinks,
  ...tablesSinceStepLead,
  ...floorPlanTables,
  ...postCheckTables,
  ...agendaTables,
  ...tablesSinceDeskEngine,
  ...deskEngineTables,
  ...moneyTables,
  ...tablesSinceLocks,
  ...tablesSinceSegments,
  ...gateTables,
  ...customerLinkTables,
  ...drawingTables,
  ...tablesSinceSharedAir,
  ...tablesSinceSentBack,
  tenant: { ...tables.tenant, ...tablesSinceTenants.tenant },
  tariff: { ...tables.tariff, ...tablesSinceTenants.tariff },
  history: { ...caseTables.history, columns: historyColumns },
}

export type Books = RowsOf<typeof tablesNow & typeof chainTables> & {
  calendar_day: { kind: 'closed' | 'workday' }
  tenancy: { kind: 'lease' | 'owner' }
  tariff: { days: TariffDays }
}

/** Ids of the cases that are kept from somebody. */
export type Kept = SelectQueryBuilder<Books, 'case_person', { id: string }>
