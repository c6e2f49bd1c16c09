import type { CaseHead, HandoverItem } from '#api/models/cases'
import { both } from '#api/words/both'
import { en } from '#api/words/en'
import { eachOf, worded } from '#api/words/worded'
import { zh } from '#api/words/zh'
import type { Words } from '#contract/names'
import { level } from '#contract/priority'
import type { BooksReader } from '../../server/books/books.ts'
import { headOf } from '../../server/engine/cases/caseRows.ts'
import type { Procedure } from '../../server/engine/definition.ts'
import type { LiveState } from '../../server/mirror/liveState.ts'
import type { Directory } from '../../server/site/directory.ts'
import { listed, type SiteRules } from '../../server/site/siteRules.ts'
import { procedures } from '../all.ts'

export type Draft = { kind: HandoverItem['kind']; ref: string; text: Words; needsRemark: boolean }

/** Bookings that begin so soon belong to the next shift. */
const nextShiftMs = 12 * 3_600_000
/** More than these are not gone through one by one; that there are more is an item of its own. */
const mostCases = 200

/**
 * Every kind of open matter is the shift's, the kinds of tomorrow too; not what is one person's own, nor what rests for now
 * (a booked evening stands in the list as such).
 */
const ofTheShift = procedures.filter(p => p.personal !== true)
const awake = (p: Procedure) => Object.keys(p.states).filter(s => !p.states[s]?.rests && !p.states[s]?.ends)

/** What a list is drafted from besides the books. */
export type Around = { directory: Directory; live: LiveState; rules: SiteRules }

/** What must be told to the next shift, from the state of now (R61). What is unfinished goes over with its reason (C8). */
export const draftNow = async (tx: BooksReader, at: number, { directory, live, rules }: Around): Promise<Draft[]> => {
  const inHand = tx
    .selectFrom('case_file')
    .where('ended_at', 'is', null)
    .where(e => e.or(ofTheShift.map(p => e.and([e('procedure', '=', p.id), e('state', 'in', awake(p))]))))
  const [alarms, cases, open, bookings] = await Promise.all([
    tx.selectFrom('alarm').selectAll().where('returned_at', 'is', null).orderBy('level').orderBy('raised_at').execute(),
    // Emergencies first, whatever else is cut off.
    inHand
      .selectAll()
      .orderBy(e => e.case().when('procedure', '=', 'emergency').then(0).else(1).end())
      .orderBy('opened_at')
      .limit(mostCases)
      .execute(),
    inHand.select(e => e.fn.countAll().as('n')).executeTakeFirst(),
    tx
      .selectFrom('booking')
      .innerJoin('case_file', 'case_file.id', 'booking.case_id')
      .select(['case_file.id', 'case_file.number', 'booking.zone', 'booking.from_at', 'booking.to_at', 'case_file.state'])
      .where('booking.live', '=', 1)
      .where('booking.to_at', '>', at)
      .where('booking.from_at', '<', at + nextShiftMs)
      .where('case_file.ended_at', 'is', null)
      .orderBy('booking.from_at')
      .execute(),
  ])
  const more = Number(open?.n ?? 0) - cases.length
  const listedAsBooking = new Set(bookings.map(b => b.id))
  const clock = directory.calendar.clockOf
  const place = (id: string | null) => directory.placeName(id)
  // "当面验清交接": in the site's own words.
  const goods = listed(String(rules.value('handover-goods') ?? ''))
  const titleOf = (head: CaseHead) => {
    const about = head.form[procedures.find(p => p.id === head.procedure)?.about ?? '']
    return eachOf(worded(about), text => text.slice(0, 80))
  }
  const caseItem = (head: CaseHead): Draft => ({
    kind: head.procedure === 'emergency' ? 'emergency' : 'case',
    ref: head.id,
    text: {
      zh: `${head.number} ${place(head.place).zh} ${titleOf(head).zh}`,
      en: `${head.number} ${place(head.place).en} ${titleOf(head).en}`,
    },
    needsRemark: true,
  })
  return [
    ...cases
      .map(headOf)
      .filter(h => !listedAsBooking.has(h.id))
      .map(caseItem),
    ...(more > 0
      ? [
          {
            kind: 'case' as const,
            ref: 'more',
            text: both(t => t.shift.more(more)),
            needsRemark: true,
          },
        ]
      : []),
    ...alarms.map(a => ({
      kind: 'alarm' as const,
      ref: a.id,
      text: {
        zh: zh.desk.standingAlarm(a.level, a.name_zh, clock(a.raised_at)),
        en: en.desk.standingAlarm(a.level, a.name_en, clock(a.raised_at)),
      },
      // One that has its case is explained there.
      needsRemark: a.ticket === null && a.level <= 3,
    })),
    ...live.handHolds().map(h => {
      const hold = h.array.holders.find(x => x.level === level.operator)
      const until = hold?.until ? clock(hold.until) : ''
      const why = (language: keyof Words) => hold?.causes.map(c => c.what[language]).join(language === 'zh' ? '、' : ', ') ?? ''
      return {
        kind: 'hold' as const,
        ref: h.point,
        text: eachOf(h.name, (name, language) => `${name} → ${h.value[language]} ${until} ${why(language)}`.trim()),
        needsRemark: false,
      }
    }),
    // What is not known is not taken for standing still: somebody says what there is to it.
    ...live.unknown().map(u => ({
      kind: 'equipment' as const,
      ref: u.device,
      text: { zh: zh.desk.unknownState(u.name.zh), en: en.desk.unknownState(u.name.en) },
      needsRemark: true,
    })),
    ...live.moving().map(m => ({
      kind: 'equipment' as const,
      ref: m.device,
      text: {
        zh: m.towards ? zh.desk.starting(m.name.zh) : zh.desk.stopping(m.name.zh),
        en: m.towards ? en.desk.starting(m.name.en) : en.desk.stopping(m.name.en),
      },
      needsRemark: false,
    })),
    ...bookings.map(b => ({
      kind: 'booking' as const,
      ref: b.id,
      text: {
        zh: `${b.number} ${place(b.zone).zh} ${clock(b.from_at)}–${clock(b.to_at)}`,
        en: `${b.number} ${place(b.zone).en} ${clock(b.from_at)}–${clock(b.to_at)}`,
      },
      needsRemark: b.state !== 'signed',
    })),
    ...goods.map(g => ({ kind: 'goods' as const, ref: g.slice(0, 40), text: { zh: g, en: g }, needsRemark: false })),
  ]
}

/** What has come since a list was drafted and must not go over unseen. What starts and stops by itself is not waited for. */
export const comeSince = async (
  db: BooksReader,
  at: number,
  around: Around,
  drafted: readonly { kind: string; ref: string }[],
): Promise<Draft[]> =>
  (await draftNow(db, at, around)).filter(
    d =>
      (d.needsRemark || d.kind === 'hold') && d.kind !== 'equipment' && !drafted.some(l => l.kind === d.kind && l.ref === d.ref),
  )
