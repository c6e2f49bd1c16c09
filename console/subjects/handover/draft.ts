import { holds } from '#api/conditions'
import type { CaseHead } from '#api/models/cases'
import { clipped, type Part, say, together, worded } from '#api/words/text'
import { handHold } from '#contract/priority'
import type { BooksReader } from '../../server/books/books.ts'
import { headOf } from '../../server/engine/cases/caseRows.ts'
import { facing } from '../../server/engine/cases/deadlines.ts'
import { isAwake } from '../../server/engine/cases/waking.ts'
import type { Around, Draft } from '../../server/engine/chapter.ts'
import type { Procedure } from '../../server/engine/definition.ts'
import { listed } from '../../server/site/siteRules.ts'
import { handoverGoods } from './settings.ts'

/** More than these are not gone through one by one; that there are more is an item of its own. */
const mostCases = 200

type Now = Around & { db: BooksReader; at: number }

/**
 * Every kind of open matter is the shift's, the kinds of tomorrow too; not what is one person's own, nor what rests for now.
 * Dangers to people first, whatever else is cut off.
 */
const openMatters = async ({ db, manual }: Now) => {
  const ofTheShift = manual.procedures.filter(p => p.personal !== true)
  const open = (p: Procedure) => Object.keys(p.states).filter(s => !p.states[s]?.ends)
  const first = manual.procedures.filter(p => p.first).map(p => p.id)
  const inHand = db
    .selectFrom('case_file')
    .where('ended_at', 'is', null)
    .where(e => e.or(ofTheShift.map(p => isAwake(p, open(p))(e))))
  const [rows, all] = await Promise.all([
    inHand
      .selectAll()
      .orderBy(e => e.case().when('procedure', 'in', first).then(0).else(1).end())
      .orderBy('opened_at')
      .limit(mostCases)
      .execute(),
    inHand.select(e => e.fn.countAll().as('n')).executeTakeFirst(),
  ])
  return { heads: rows.map(headOf), more: Number(all?.n ?? 0) - rows.length }
}

/** A case as an item; `end`: what is said of it besides, where it is done. */
const matterItem = ({ manual, directory }: Now, head: CaseHead, end: readonly Part[] = []): Draft => {
  const procedure = manual.procedure(head.procedure, head.version)
  const title = clipped(worded(head.form[procedure?.about ?? '']), 80)
  const place = directory.placeName(head.place)
  return {
    kind: procedure?.first ? 'emergency' : 'case',
    ref: head.id,
    text: together(head.number, ' ', place, ' ', title, ...end),
    needsRemark: end.length === 0,
  }
}

/** Matters that ended so long ago belong to the shift that goes. */
const shiftMs = 12 * 3_600_000

/** What was grave and is done: it goes over with its result, as what is not done does (R61, 2b 1: "已完成和未完成的重大問題"). */
const graveDone = async (now: Now): Promise<Draft[]> => {
  const { db, at, manual, directory } = now
  const grave = manual.procedures.filter(p => p.grave)
  if (grave.length === 0) return []
  const rows = await db
    .selectFrom('case_file')
    .selectAll()
    .where('ended_at', '>', at - shiftMs)
    .where(
      'procedure',
      'in',
      grave.map(p => p.id),
    )
    .orderBy('ended_at')
    .limit(mostCases)
    .execute()
  return rows.map(headOf).flatMap(head => {
    const procedure = manual.procedure(head.procedure, head.version)
    if (!procedure?.grave?.some(g => holds(g.when, facing(head)))) return []
    const result = Object.values(head.facts as Record<string, { result?: string; reason?: string }>)
      .map(f => f.result ?? f.reason)
      .findLast(said => said !== undefined)
    const state = procedure.states[head.state]?.name
    const ended = [
      ' ',
      directory.calendar.clockOf(head.endedAt ?? at),
      ...(state ? [' ', state] : []),
      ...(result ? [' ', result] : []),
    ]
    return [matterItem(now, head, ended)]
  })
}

/** What the building shows: what people hold by hand, what is moving, and what nobody can say. */
const fromTheBuilding = ({ live, directory }: Now): Draft[] => {
  const clock = directory.calendar.clockOf
  return [
    ...live.handHolds().map(h => {
      const hold = handHold(h.array)
      const until = hold?.until ? clock(hold.until) : ''
      const why = (hold?.causes ?? []).flatMap((c, i): Part[] => (i === 0 ? [' ', c.what] : [say.marks.list, c.what]))
      return {
        kind: 'hold' as const,
        ref: h.point,
        text: together(h.name, ' → ', h.value, until && ` ${until}`, ...why),
        needsRemark: false,
      }
    }),
    // What is not known is not taken for standing still: somebody says what there is to it.
    ...live.unknown().map(u => ({
      kind: 'equipment' as const,
      ref: u.device,
      text: say.desk.unknownState(u.name),
      needsRemark: true,
    })),
    ...live.moving().map(m => ({
      kind: 'equipment' as const,
      ref: m.device,
      text: m.towards ? say.desk.starting(m.name) : say.desk.stopping(m.name),
      needsRemark: false,
    })),
  ]
}

/** What must be told to the next shift, from the state of now (R61). What is unfinished goes over with its reason (C8). */
export const draftNow = async (now: Now): Promise<Draft[]> => {
  const [{ heads, more }, others, done] = await Promise.all([openMatters(now), now.manual.handsOver(now), graveDone(now)])
  const named = new Set(others.map(o => o.ref))
  // "当面验清交接": in the site's own words.
  const goods = listed(String(now.rules.value(handoverGoods) ?? ''))
  return [
    ...heads.filter(h => !named.has(h.id)).map(h => matterItem(now, h)),
    ...(more > 0 ? [{ kind: 'case' as const, ref: 'more', text: say.shift.more(more), needsRemark: true }] : []),
    ...others,
    ...done.filter(d => !named.has(d.ref)),
    ...fromTheBuilding(now),
    ...goods.map(g => ({ kind: 'goods' as const, ref: g.slice(0, 40), text: g, needsRemark: false })),
  ]
}

/** What has come since a list was drafted and must not go over unseen. What starts and stops by itself is not waited for. */
export const comeSince = async (now: Now, drafted: readonly { kind: string; ref: string }[]): Promise<Draft[]> =>
  (await draftNow(now)).filter(
    d =>
      (d.needsRemark || d.kind === 'hold') && d.kind !== 'equipment' && !drafted.some(l => l.kind === d.kind && l.ref === d.ref),
  )
