import { type Shift, shifts } from '#api/shifts'
import { say } from '#api/words/text'
import type { Chapter } from '../../server/engine/chapter.ts'
import { shiftsOfPerson } from '../../server/site/onDuty.ts'
import { nightFrom, serviceFrom, serviceTo } from '../../server/site/settings.ts'

/** His shifts by the rosters in force, with the hours that the site gives each (R61-R65). */
export const agenda: NonNullable<Chapter['agenda']> = async ({ db, directory: { calendar }, rules, person, from, to }) => {
  const minute = {
    day: rules.minuteOfDay(serviceFrom),
    evening: rules.minuteOfDay(serviceTo),
    night: rules.minuteOfDay(nightFrom),
  }
  const rows = await shiftsOfPerson(db, person.id, calendar.dateOf(from), calendar.dateOf(to))
  return rows.map(({ date, shift: kept }) => {
    const shift = kept as Shift
    const begin = calendar.instantOf(date, minute[shift])
    const end = {
      day: () => calendar.instantOf(date, minute.evening),
      evening: () => calendar.instantOf(date, minute.night),
      night: () => calendar.instantOf(calendar.plusDays(date, 1), minute.day),
    }[shift]()
    return { id: `shift-${date}-${shift}`, from: begin, to: end, what: say.agenda.shift(shifts[shift]), where: '' }
  })
}
