import type { CaseHead } from '#api/models/cases'
import type { ReportTable } from '#api/models/duties'
import { say, worded } from '#api/words/text'
import { type CaseOf, choiceOf, ended, groupedBy, openedIn, stateOf } from '../../server/engine/cases/casesIn.ts'
import type { Evidence, EvidenceLook } from '../../server/engine/chapter.ts'
import { didOf } from '../../server/engine/definition.ts'
import { columns, counted, table } from '../../server/engine/routines/evidence.ts'
import { complaint } from './definition.ts'

type Complaint = CaseOf<typeof complaint>

/** Complaints of one place and category: more than one of them are repeats (001 compl.9). */
const repeats = (heads: readonly Complaint[]): Complaint[][] => {
  const groups = new Map<string, Complaint[]>()
  for (const h of heads) {
    const key = `${h.place}/${h.form.category}`
    groups.set(key, [...(groups.get(key) ?? []), h])
  }
  return [...groups.values()].filter(g => g.length > 1)
}

type Class = 'invalid' | 'assist' | 'municipal' | 'valid' | 'unclassified'
/** How a complaint was judged (R24): by what was done with it last, for one that was taken up again was valid after all. */
const classOf = (facts: CaseHead['facts']): Class => {
  const at = (verb: string) => didOf(facts, { verb })?.at ?? 0
  if (at('invalid') > at('handle')) return 'invalid'
  if ('assist' in facts) return 'assist'
  if ('municipal' in facts) return 'municipal'
  return ['handle', 'agree-time', 'pass-on'].some(verb => verb in facts) ? 'valid' : 'unclassified'
}

const tables = async ({ db, stretch, directory }: EvidenceLook): Promise<ReportTable[]> => {
  const heads = await openedIn(db, complaint, stretch)
  const category = choiceOf(complaint, 'category')
  const classes = new Map<Class, number>()
  for (const h of heads) classes.set(classOf(h.facts), (classes.get(classOf(h.facts)) ?? 0) + 1)
  return [
    ...table(
      say.report.byCategory,
      columns('kind', 'received', 'done', 'open'),
      groupedBy(heads, 'category').map(([k, list]) => [category(k), list.length, ended(list), list.length - ended(list)]),
    ),
    ...table(
      say.report.byClass,
      columns('class', 'received'),
      [...classes].map(([k, n]) => [say.report.classes[k] ?? k, n]),
    ),
    // 001 compl.9: problems that come again are studied, so that they do not.
    ...table(
      say.report.repeats,
      columns('place', 'kind', 'times', 'numbers'),
      repeats(heads).map(g => [
        directory.placeName(g[0]?.place ?? null),
        category(g[0]?.form.category),
        g.length,
        g.map(h => h.number).join('、'),
      ]),
    ),
    ...table(
      say.report.unfinished,
      columns('number', 'place', 'what', 'state'),
      heads
        .filter(h => h.endedAt === null)
        .map(h => [h.number, directory.placeName(h.place), worded(h.form.content), stateOf(complaint, h)]),
    ),
  ]
}

/** Complaints received: all must have a recorded result (T21, C37). */
export const complaintFigures: Evidence = {
  async count({ db, stretch }) {
    const received = await openedIn(db, complaint, stretch)
    return counted({
      received,
      handled: received.filter(h => 'handle' in h.facts || 'invalid' in h.facts),
      closed: received.filter(h => h.endedAt !== null),
      collective: received.filter(h => h.form.collective === true),
      major: received.filter(h => h.form.major === true),
      repeated: repeats(received).flat(),
    })
  },
  tables,
}
