import { monotonicMs } from '#program/wallClock'
import type { Subject } from '../../server/desk/subject.ts'
import { caseKind } from '../../server/engine/chapter.ts'
import { zoneChains } from './bookingFacts.ts'
import { agenda, entitles, handsOver } from './bookings.ts'
import { causes } from './causes.ts'
import { overtimeCharges } from './chargeLines.ts'
import { rechargeZone } from './charges.ts'
import { overtime as definition } from './definition.ts'
import { finishOvertime, windUpUnsigned } from './endings.ts'
import { needs } from './needs.ts'
import { ownAirRoutes } from './ownRoutes.ts'
import { overtimeRoutes } from './routes.ts'
import { overtimeByLink, overtimeSharedAir, overtimeSignedLater, overtimeSignReminder, overtimeStartLimit } from './settings.ts'
import { watchStarts } from './starts.ts'

/** First it is heard what runs. */
const graceMs = 10_000

/** Overtime air: booked, signed, run by the programme, charged by what was read back (R41). */
export const overtime: Subject = {
  cases: [caseKind(definition, { needs, causes })],
  settings: [overtimeStartLimit, overtimeSignReminder, overtimeSignedLater, overtimeSharedAir, overtimeByLink],
  routes: overtimeRoutes,
  openRoutes: ownAirRoutes,
  handsOver,
  entitles,
  agenda,
  charges: ({ db, until }) => overtimeCharges(db, until),
  reactions: desk => ({ run: (work, zone, from, to) => rechargeZone(work, desk, zone, from, to) }),
  chores(desk) {
    const parts = { ...desk, chains: zoneChains(desk.directory.site, desk.profiles) }
    const startedAt = monotonicMs()
    return [
      { what: 'finished bookings', act: () => finishOvertime(parts, desk.wall()) },
      { what: 'unsigned bookings', act: () => windUpUnsigned(parts, desk.wall()) },
      {
        what: 'bookings that do not start',
        async act() {
          if (monotonicMs() - startedAt > graceMs) await watchStarts(parts, desk.wall())
        },
      },
    ]
  },
}
