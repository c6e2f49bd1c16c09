import { z } from 'zod'
import { pointInfo } from '#contract/messages'
import { slug, words } from '#contract/names'
import { detectorRoles, pointRole } from '#contract/pointRoles'
import { roles } from '../rights.ts'
import { thingName } from './things.ts'

/** The site and its devices. */

export const siteView = z.object({
  /** Which start of the console says so: another may have another site file. */
  server: z.string(),
  id: slug,
  name: words,
  demo: z.boolean(),
  timeZone: z.string(),
  alwaysOn: z.array(z.string()),
  /** Rings after which the phone must be answered; null where the site has no such rule (C7). */
  phoneRings: z.number().nullable(),
  /** `plan`: the site file names a picture of it. */
  floors: z.array(z.object({ id: z.string(), name: words, order: z.number(), plan: z.boolean() })),
  zones: z.array(
    z.object({
      id: z.string(),
      name: words,
      floor: z.string(),
      side: z.enum(['west', 'east']),
      controller: z.string(),
      tenant: z.string().nullable(),
      unit: z.string().nullable(),
      pricePerHourFen: z.number().nullable(),
    }),
  ),
  /** What tenants rent. */
  units: z.array(z.object({ id: z.string(), name: words, zones: z.array(z.string()) })),
  things: z.array(thingName),
  /** How people are told who are not at a screen. */
  channels: z.array(z.object({ id: z.string(), name: words })),
  devices: z.array(
    z.object({
      id: z.string(),
      name: words,
      profile: z.string(),
      bus: z.string(),
      unit: z.number().nullable(),
      prefix: z.string().nullable(),
      agent: z.string(),
      place: z.string().nullable(),
      feeds: z.array(z.string()),
      /** Something stands in for it until it is there; a demo is simulated as a whole, and says so. */
      simulated: z.boolean(),
      runs: z.object({ command: z.string(), feedback: z.string() }).nullable(),
      /** Its points by what they are (#contract/pointRoles). */
      roles: z.partialRecord(pointRole, z.string()),
    }),
  ),
  buses: z.array(z.object({ id: z.string(), name: words })),
  compartments: z.array(
    z.object({
      id: z.string(),
      name: words,
      zones: z.array(z.string()),
      panel: z.string(),
      /** The points of its panel by which each of its detectors speaks. */
      detectors: z.array(z.partialRecord(z.enum(detectorRoles), z.string())),
    }),
  ),
  plans: z.array(
    z.object({
      kind: z.string(),
      name: words,
      source: z.string(),
      contacts: z.array(z.object({ name: words, phone: z.string() })),
      /** The whole document lies beside the site file. */
      document: z.boolean(),
    }),
  ),
})
export type SiteView = z.infer<typeof siteView>

export const deviceCatalogue = z.object({
  device: z.string(),
  profile: z.string(),
  evidence: z.string(),
  points: z.array(pointInfo),
})
export type DeviceCatalogue = z.infer<typeof deviceCatalogue>

/** How far a building has moved in: what is stored. What its devices say is live, and known to the screens. */
export const movingIn = z.object({
  /** People who are here, by what their posts let them do. */
  people: z.object({ count: z.number().int(), posts: z.number().int(), holders: z.record(z.enum(roles), z.number().int()) }),
  tenants: z.number().int(),
  units: z.object({ all: z.number().int(), let: z.number().int() }),
  /** Zones that have no tenant today, and those that have no price. */
  zones: z.object({ all: z.number().int(), vacant: z.array(z.string()), unpriced: z.array(z.string()) }),
  /** The years by which deadlines go now and next, and whether their holidays are known. */
  years: z.array(z.object({ year: z.number().int(), known: z.boolean() })),
})
export type MovingIn = z.infer<typeof movingIn>

/** What may be said before anybody has signed in. `provider`: people may come by a sign-in provider too. */
export const signInPage = z.object({ demo: z.boolean(), provider: z.boolean() })
