import { say } from '#api/words/text'
import { withNamesNow } from '../../server/books/persons.ts'
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
  const shifts = [
    ...rostered.map(r => ({ person: r.person, person_id: r.person_id, of: 'rostered' })),
    ...handed.map(h => ({ person: h.owner, person_id: h.owner_id, of: 'handedOver' })),
  ]
  const named = (await withNamesNow(db, shifts)).map(x => ({ ...x, who: x.person_id ?? x.person }))
  return [...new Map(named.map(x => [x.who, x.person]))]
    .map(([who, person]) => {
      const count = (of: string) => named.filter(x => x.who === who && x.of === of).length
      return { person, rostered: count('rostered'), handedOver: count('handedOver') }
    })
    .sort((a, b) => (a.person < b.person ? -1 : 1))
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
      say.report.attendance,
      columns('person', 'rostered', 'handedOver'),
      lines.map(l => [l.person, l.rostered, l.handedOver]),
    )
  },
}
