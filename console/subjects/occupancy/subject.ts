import type { Subject } from '../../server/desk/subject.ts'
import { occupancy as tables, vacantCleaned } from './evidence.ts'
import { vacantCleaning, vacantRooms } from './registers.ts'
import { routines } from './routines.ts'
import { vacantCleanDays } from './settings.ts'

/** Who is here, told at month's turn (R14); and the rooms in which nobody is (R58). */
export const occupancy: Subject = {
  registers: [vacantRooms, vacantCleaning],
  routines,
  evidence: { occupancy: tables, 'vacant-cleaned': vacantCleaned },
  settings: [vacantCleanDays],
}
