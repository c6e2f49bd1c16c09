import { accountOf } from '../../server/books/persons.ts'
import { casesOf } from '../../server/engine/cases/casesIn.ts'
import type { NeedsOf } from '../../server/engine/chapter.ts'
import { didOf } from '../../server/engine/definition.ts'
import { roster, swapped } from './definition.ts'
import { absent, isOf, linesOf, shiftsOf, uncoveredDay } from './rosterBook.ts'
import { holidayDuty } from './settings.ts'

export const needs: NeedsOf<typeof roster> = {
  async 'only-roster'({ db, head }) {
    const { month, department } = head.form
    const others = await casesOf(db, roster).where('department', '=', department).where('ended_at', 'is', null).execute()
    const same = others.find(o => JSON.parse(o.form_json).month === month)
    return same ? { code: 'roster-exists', field: 'month', detail: { number: same.number } } : null
  },
  async 'every-day-covered'({ db, head, rules }) {
    const { calendar } = rules
    const onHolidays = rules.number(holidayDuty) ?? 1
    const fewest = (date: string) => (calendar.isHoliday(date) ? onHolidays : 1)
    const date = uncoveredDay(calendar.local, head.form.month, await shiftsOf(db, head.id), fewest)
    return date ? { code: 'day-uncovered', detail: { date } } : null
  },
  async 'on-roster'({ db, at, head, said, rules }) {
    const wish = said && didOf({ [swapped.verb]: said }, swapped)
    if (!wish) return null
    // R61: consent comes before the shift.
    if (wish.date < rules.calendar.local.dateOf(at)) return { code: 'in-the-past', field: 'date' }
    const there = (await linesOf(db, head.id)).filter(l => l.date === wish.date && l.shift === wish.shift)
    const isThere = async (field: 'person' | 'substitute') => {
      const who = { id: await accountOf(db, wish[field], field), name: wish[field] }
      return there.some(l => isOf(l, who))
    }
    if (!(await isThere('person'))) return { code: 'not-on-that-shift', field: 'person' }
    if (await isThere('substitute')) return { code: 'person-twice', field: 'substitute' }
    const line = { ...wish, person: wish.substitute, person_id: await accountOf(db, wish.substitute, 'substitute') }
    return (await absent(db, [line])) ? { code: 'on-leave', field: 'substitute' } : null
  },
  async 'month-over'({ at, head, rules }) {
    return rules.calendar.local.dateOf(at).slice(0, 7) > head.form.month ? null : { code: 'month-not-over' }
  },
}
