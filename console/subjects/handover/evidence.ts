import { both } from '#api/words/both'
import { casesOf } from '../../server/engine/cases/casesIn.ts'
import type { Evidence, EvidenceLook } from '../../server/engine/chapter.ts'
import { columns, plain, table } from '../../server/engine/routines/evidence.ts'
import { rosteredBetween } from '../../server/site/onDuty.ts'
import { handover } from './definition.ts'

/** By person: shifts on the rosters in force up to now, and shifts handed over (R63). */
const linesOf = async ({ db, stretch: s, rules }: EvidenceLook) => {
  const { local } = rules.calendar
  const [rostered, handed] = await Promise.all([
    rosteredBetween(db, local.dateOf(s.from), local.dateOf(s.to)),
    casesOf(db, handover).where('state', '=', 'signed').where('ended_at', '>=', s.from).where('ended_at', '<', s.to).execute(),
  ])
  const people = [...new Set([...rostered.map(r => r.person), ...handed.map(h => h.owner)])].sort()
  return people.map(person => ({
    person,
    rostered: rostered.filter(r => r.person === person).length,
    handedOver: handed.filter(h => h.owner === person).length,
  }))
}

export const dutyFigures: Evidence = {
  async count(look) {
    const lines = await linesOf(look)
    const sum = (key: 'rostered' | 'handedOver') => lines.reduce((n, l) => n + l[key], 0)
    return plain({ people: lines.length, rostered: sum('rostered'), handedOver: sum('handedOver') })
  },
  async tables(look) {
    const lines = await linesOf(look)
    return table(
      both(t => t.report.attendance),
      columns('person', 'rostered', 'handedOver'),
      lines.map(l => [l.person, l.rostered, l.handedOver]),
    )
  },
}
