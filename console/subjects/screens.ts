import type { OwnScreens, SubjectScreens } from '../web/src/kit/subjectScreens.ts'
import { callScreens } from './calls/screens/screens.ts'
import { emergencyScreens } from './emergency/screens/screens.ts'
import { gateScreens } from './gatehouse/screens/screens.ts'
import { handoverScreens } from './handover/screens/screens.ts'
import { monthEndScreens } from './monthEnd/screens/screens.ts'
import { overridesScreens } from './overrides/screens/screens.ts'
import { overtimeScreens } from './overtime/screens/screens.ts'
import { postCheckScreens } from './postChecks/screens/screens.ts'
import { priceListScreens } from './priceList/screens/screens.ts'
import { rosterScreens } from './roster/screens/screens.ts'
import { selfServiceScreens } from './selfService/screens/screens.ts'
import { visitScreens } from './visits/screens/screens.ts'

/** The subjects that have screens of their own; all others live in the generic ones. */
const all: readonly SubjectScreens[] = [
  emergencyScreens,
  overtimeScreens,
  monthEndScreens,
  handoverScreens,
  callScreens,
  gateScreens,
  overridesScreens,
  rosterScreens,
  priceListScreens,
  postCheckScreens,
  visitScreens,
  selfServiceScreens,
]

const merged = <K extends 'pages' | 'panels' | 'papers' | 'calls' | 'open' | 'duties'>(key: K): NonNullable<SubjectScreens[K]> =>
  Object.assign({}, ...all.map(s => s[key] ?? {}))

export const subjectScreens: OwnScreens = {
  pages: merged('pages'),
  panels: merged('panels'),
  papers: merged('papers'),
  calls: merged('calls'),
  open: merged('open'),
  duties: merged('duties'),
  today: all.flatMap(s => s.today ?? []),
  follows: all.flatMap(s => s.follows ?? []),
  onCall: all.flatMap(s => s.onCall ?? []),
  bars: all.flatMap(s => s.bars ?? []),
  whileLocked: all.flatMap(s => s.whileLocked ?? []),
}
