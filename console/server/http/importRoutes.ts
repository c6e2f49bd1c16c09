import type { Route } from '#program/httpApi'
import type { Asker, Desk } from '../desk/desk.ts'
import { tableRoutes } from '../desk/tableRoutes.ts'
import { openDays, openStaff, openTenants } from '../master/sheets.ts'
import { openUnits } from '../master/unitSheet.ts'

/** Lists of the site itself that go out as a table and come in as one; subjects have their own. */
export const importRoutes = (desk: Desk): Route<Asker>[] => [
  ...tableRoutes(desk, 'people', openStaff),
  ...tableRoutes(desk, 'tenants', openTenants),
  ...tableRoutes(desk, 'units', openUnits),
  ...tableRoutes(desk, 'days', openDays),
]
