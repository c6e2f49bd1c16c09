import type { Subject } from '../../server/desk/subject.ts'
import { caseKind } from '../../server/engine/chapter.ts'
import { stepCalls } from './callOuts.ts'
import { callRoutes } from './callRoutes.ts'
import { causes } from './causes.ts'
import { channelTest, channelTests, oweChannelTests } from './channelTests.ts'
import { emergency as definition, emergencyOf2 } from './definition.ts'
import { drillRoutes } from './drillRoutes.ts'
import { needs } from './needs.ts'
import { onCallRoutes } from './onCallRoutes.ts'
import { parts } from './parts.ts'
import { emergencyRoutes } from './routes.ts'
import { eventReport } from './routines.ts'
import { noteOverdueSteps } from './steps.ts'
import { Emergencies } from './tickets.ts'

/** What endangers people: tickets with the site's plan, told to whom it names (design §5). */
export const emergency: Subject = {
  cases: [caseKind(definition, { needs, causes, parts, older: [emergencyOf2] })],
  routines: [eventReport, channelTest],
  evidence: { 'channel-tests': channelTests },
  routes: desk => [...emergencyRoutes(desk), ...callRoutes(desk), ...drillRoutes(desk)],
  openRoutes: onCallRoutes,
  reactions(desk) {
    const tickets = new Emergencies(desk)
    return {
      raised: (work, alarm) => tickets.onRaised(work, alarm),
      returned: (work, caseId) => tickets.onReturned(work, caseId),
      compartment: (...news) => tickets.onCompartment(...news),
      linkage: (work, compartment) => tickets.touchTicketOf(work, compartment),
    }
  },
  chores(desk) {
    const tickets = new Emergencies(desk)
    return [
      { what: 'overdue steps', act: () => noteOverdueSteps(desk.books, desk.unit, tickets.steps, desk.wall()) },
      { what: 'tests of channels', act: oweChannelTests(desk) },
      { what: 'emergency calls', act: () => stepCalls(desk.books.read, desk.unit, desk, desk.wall()) },
    ]
  },
}
