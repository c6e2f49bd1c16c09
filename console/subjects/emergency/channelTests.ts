import { minuteOfClock } from '#contract/clockText'
import { system } from '../../server/books/audit.ts'
import type { Desk } from '../../server/desk/desk.ts'
import type { Evidence } from '../../server/engine/chapter.ts'
import { addDuty } from '../../server/engine/routines/addDuty.ts'
import { plain } from '../../server/engine/routines/evidence.ts'
import { endOfDay, everyManual, type Routine } from '../../server/engine/routines/routine.ts'
import type { Directory } from '../../server/site/directory.ts'

type Calendar = Directory['calendar']
const nextMonth = (period: string): string => {
  const [year = 0, month = 1] = period.split('-').map(Number)
  return month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, '0')}`
}
/** When the tests of a month (2026-11) are owed: at the end of its last day. */
const limitOf = (calendar: Calendar, period: string): number =>
  calendar.instantOf(calendar.plusDays(`${nextMonth(period)}-01`, -1), minuteOfClock(endOfDay))

/** Whether a message would get out is known only of what has been tried: each channel once a month. A site that has none owes nothing. */
export const channelTest = {
  id: 'channels-tried',
  name: { zh: '通知渠道每月试发', en: 'Channels of notices tried this month' },
  source: 'R66, GB 25506',
  owes: 'supervisor',
  tells: ['manager'],
  rule: { every: 'event', days: 0, at: endOfDay },
  evidence: 'channel-tests',
  at: everyManual,
} as const satisfies Routine

/** A channel counts when it has taken a message that was sent to try it. */
export const channelTests: Evidence = {
  async count({ db, directory, period }) {
    const { calendar, site } = directory
    const from = calendar.instantOf(`${period}-01`, 0)
    const to = calendar.instantOf(`${nextMonth(period)}-01`, 0)
    const tried = await db
      .selectFrom('delivery')
      .select('channel')
      .distinct()
      .where('case_id', 'is', null)
      .where('accepted_at', '>=', from)
      .where('accepted_at', '<', to)
      .execute()
    const took = site.channels.filter(c => tried.some(t => t.channel === c.id)).length
    return plain({ channelsTried: took, channelsUntried: site.channels.length - took })
  },
  mustBeNothing: { channelsUntried: 'channels-untried' },
}

/** Puts the duty of each month into the book, as long as the site has channels. */
export const oweChannelTests = ({ directory, unit, wall }: Pick<Desk, 'directory' | 'unit' | 'wall'>) => {
  let owed = ''
  return async () => {
    const period = directory.calendar.dateOf(wall()).slice(0, 7)
    if (directory.site.channels.length === 0 || period === owed) return
    await unit(system, async work => {
      await addDuty(work, { routine: channelTest, period, targetAt: null, limitAt: limitOf(directory.calendar, period) })
      work.touched.duties = true
    })
    owed = period
  }
}
