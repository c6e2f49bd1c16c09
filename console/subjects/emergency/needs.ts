import { type Text, together } from '#api/words/text'
import type { Words } from '#contract/names'
import { wordsIn } from '../../server/books/words.ts'
import type { Need } from '../../server/engine/chapter.ts'
import type { NeedNames } from '../../server/engine/definition.ts'
import type { FormOf } from '../../server/engine/field.ts'
import { alarmsReturned, alarmWords, caseAlarms, named } from '../../server/engine/needs.ts'
import type { emergency } from './definition.ts'
import { placesOf } from './merging.ts'

const numbered = (n: number, text: Words): Text => together(n, ' ', text)

/** What stands before a ticket is closed. */
export const needs: Readonly<Record<NeedNames<typeof emergency>, Need<FormOf<(typeof emergency)['fields']>>>> = {
  'alarms-returned': alarmsReturned,
  async 'alarms-acked'({ db, head }) {
    const open = await caseAlarms(db, head.id).where('acked_at', 'is', null).where('continued_by', 'is', null).execute()
    return open.length > 0 ? { code: 'alarms-unacked', detail: named(open.map(alarmWords)) } : null
  },
  // Done, or set aside with a reason: nothing of the plan is left without an answer.
  async 'steps-settled'({ db, head }) {
    const open = await db
      .selectFrom('case_step')
      .select(['n', 'text_json'])
      .where('case_id', '=', head.id)
      .where('done_at', 'is', null)
      .where('aside_at', 'is', null)
      .orderBy('n')
      .execute()
    const steps = open.map(s => numbered(s.n, wordsIn(s.text_json)))
    return open.length > 0 ? { code: 'steps-open', field: 'steps', detail: named(steps) } : null
  },
  async 'fire-released'({ db, head }) {
    // A shadow has started nothing; what burns there beside it has a ticket of its own.
    if (head.form.kind !== 'fire' || head.form.drill === 'shadow') return null
    const open = await db
      .selectFrom('compartment_event')
      .select('event')
      .where('compartment', 'in', await placesOf(db, head))
      .where('released_at', 'is', null)
      .executeTakeFirst()
    return open ? { code: 'not-released' } : null
  },
  // A drill ends as one, whatever somebody chooses: else it would count as a fire. What a real panel has raised may have been one too.
  async 'drill-outcome'({ head, said }) {
    const chosen = said?.['outcome']
    return head.form.drill && chosen !== undefined && chosen !== 'drill' ? { code: 'is-a-drill', field: 'outcome' } : null
  },
}
