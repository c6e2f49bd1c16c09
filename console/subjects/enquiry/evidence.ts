import { say, worded } from '#api/words/text'
import { choiceOf, ended, groupedBy, openedIn, stateOf } from '../../server/engine/cases/casesIn.ts'
import type { Evidence } from '../../server/engine/chapter.ts'
import { columns, counted, table } from '../../server/engine/routines/evidence.ts'
import { enquiry } from './definition.ts'

const views = ['wish', 'opinion']

/** What customers have said and wished, by what it is about, and each of it with how far it has come (R9). */
export const opinions: Evidence = {
  async count({ db, stretch }) {
    const heads = (await openedIn(db, enquiry, stretch)).filter(h => views.includes(h.form.kind))
    return counted({
      opinions: heads.filter(h => h.form.kind === 'opinion'),
      wishes: heads.filter(h => h.form.kind === 'wish'),
      instructed: heads.filter(h => 'instruct' in h.facts),
      open: heads.filter(h => h.endedAt === null),
    })
  },
  async tables({ db, stretch, directory }) {
    const heads = (await openedIn(db, enquiry, stretch)).filter(h => views.includes(h.form.kind))
    const category = choiceOf(enquiry, 'category')
    return [
      ...table(
        say.report.byKind,
        columns('kind', 'received', 'done', 'open'),
        groupedBy(heads, 'category').map(([k, list]) => [category(k), list.length, ended(list), list.length - ended(list)]),
      ),
      ...table(
        say.report.words,
        columns('number', 'kind', 'place', 'words', 'state'),
        heads.map(h => [
          h.number,
          category(h.form.category),
          directory.placeName(h.place),
          worded(h.form.content),
          stateOf(enquiry, h),
        ]),
      ),
    ]
  },
}
