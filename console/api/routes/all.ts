import type { z } from 'zod'
import { agendaRoutes } from './agenda.ts'
import { alarmsRoutes } from './alarms.ts'
import { attachmentsRoutes } from './attachments.ts'
import { auditRoutes } from './audit.ts'
import { callsRoutes } from './calls.ts'
import { casesRoutes } from './cases.ts'
import { demoRoutes } from './demo.ts'
import { drillRoutes } from './drills.ts'
import { dutiesRoutes } from './duties.ts'
import { emergencyRoutes } from './emergency.ts'
import { engineeringRoutes } from './engineering.ts'
import { findRoutes } from './find.ts'
import { floorPlanRoutes } from './floorPlans.ts'
import { gateRoutes } from './gate.ts'
import { handoverRoutes } from './handover.ts'
import { importsRoutes } from './imports.ts'
import { machinesRoutes } from './machines.ts'
import { monthsRoutes } from './months.ts'
import { overridesRoutes } from './overrides.ts'
import { overtimeRoutes } from './overtime.ts'
import { ownRoutes } from './own.ts'
import { ownAirRoutes } from './ownAir.ts'
import { postChecksRoutes } from './postChecks.ts'
import { rosterRoutes } from './roster.ts'
import { rulesRoutes } from './rules.ts'
import { selfServiceRoutes } from './selfService.ts'
import { sessionRoutes } from './session.ts'
import { siteRoutes } from './site.ts'
import { staffRoutes } from './staff.ts'
import { tenantsRoutes } from './tenants.ts'
import { thingsRoutes } from './things.ts'
import { unitsRoutes } from './units.ts'
import { visitsRoutes } from './visits.ts'

/**
 * Every operation of the console, once: the server mounts these, the browser's client is typed by them, the OpenAPI document is made
 * from them. The key is method and path: whoever asks names it so, and a path that is renamed does not compile anywhere else.
 */
export const routes = {
  ...agendaRoutes,
  ...alarmsRoutes,
  ...attachmentsRoutes,
  ...auditRoutes,
  ...callsRoutes,
  ...casesRoutes,
  ...demoRoutes,
  ...drillRoutes,
  ...dutiesRoutes,
  ...emergencyRoutes,
  ...engineeringRoutes,
  ...findRoutes,
  ...floorPlanRoutes,
  ...gateRoutes,
  ...handoverRoutes,
  ...importsRoutes,
  ...machinesRoutes,
  ...monthsRoutes,
  ...overridesRoutes,
  ...overtimeRoutes,
  ...ownRoutes,
  ...ownAirRoutes,
  ...postChecksRoutes,
  ...rosterRoutes,
  ...rulesRoutes,
  ...selfServiceRoutes,
  ...sessionRoutes,
  ...siteRoutes,
  ...staffRoutes,
  ...tenantsRoutes,
  ...thingsRoutes,
  ...unitsRoutes,
  ...visitsRoutes,
}
export type Routes = typeof routes
export type RouteKey = keyof Routes

type Schema<K extends RouteKey, P extends 'params' | 'query' | 'body' | 'answer'> = Routes[K] extends {
  readonly [X in P]: infer S extends z.ZodType
}
  ? S
  : undefined
/** What the server's handler sees of a part of the request. */
export type Parsed<K extends RouteKey, P extends 'params' | 'query' | 'body'> =
  Schema<K, P> extends z.ZodType ? z.output<Schema<K, P>> : undefined
export type AnswerOf<K extends RouteKey> = Schema<K, 'answer'> extends z.ZodType ? z.output<Schema<K, 'answer'>> : unknown

type Part<K extends RouteKey, P extends 'params' | 'query' | 'body'> =
  Schema<K, P> extends z.ZodType
    ? Record<never, never> extends z.input<Schema<K, P>>
      ? { [X in P]?: z.input<Schema<K, P>> }
      : { [X in P]: z.input<Schema<K, P>> }
    : { [X in P]?: never }
/** What a caller says with it. */
export type Asked<K extends RouteKey> = Part<K, 'params'> & Part<K, 'query'> & Part<K, 'body'>
