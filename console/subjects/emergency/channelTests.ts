import { minuteOfClock } from '#contract/clockText'
import { system } from '../../server/books/audit.ts'
import type { Desk } from '../../server/desk/desk.ts'
import type { Evidence } from '../../server/engine/chapter.ts'
import { addDuty } from '../../server/engine/routines/addDuty.ts'
import { plain } from '../../server/engine/routines/evidence.ts'
import { endOfDay, everyManual, type Routine } from '../../server/engine/routines/routine.ts'
import type { SiteRules } from '../../server/site/siteRules.ts'

/** When the tests of a month (2026-11) are owed: at the end of its last day. */
const limitOf = (calendar: SiteRules['calendar'], period: string): number =>
  calendar.local.instantOf(calendar.local.plusDays(`${calendar.monthAfter(period)}-01`, -1), minuteOfClock(endOfDay))

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
  async count({ db, directory: { calendar, site }, rules, period }) {
    const from = calendar.instantOf(`${period}-01`, 0)
    const to = calendar.instantOf(`${rules.calendar.monthAfter(period)}-01`, 0)
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
export const oweChannelTests = ({ directory, rules, unit, wall }: Pick<Desk, 'directory' | 'rules' | 'unit' | 'wall'>) => {
  let owed = ''
  return async () => {
    const period = directory.calendar.dateOf(wall()).slice(0, 7)
    if (directory.site.channels.length === 0 || period === owed) return
    await unit(system, async work => {
      await addDuty(work, { routine: channelTest, period, targetAt: null, limitAt: limitOf(rules.calendar, period) })
      work.touched.duties = true
    })
    owed = period
  }
}
