import { say } from '#api/words/text'
import { monotonicMs } from '#program/wallClock'
import { storeFailed } from '#store/openStore'
import { endOfTime } from '../../server/agents/alarms/setAside.ts'
import { textOf } from '../../server/books/words.ts'
import type { Subject } from '../../server/desk/subject.ts'
import { alarmRoutes } from './routes.ts'
import { outOfServiceMost, shelveMost2, shelveMost3, shelveMost4, soundWatch } from './settings.ts'
import { openSoundWatch } from './soundWatch.ts'

/** Alarms as people act on them: acknowledged, owned, noted (design §5). */
export const alarms: Subject = {
  routes: alarmRoutes,
  settings: [soundWatch, shelveMost2, shelveMost3, shelveMost4, outOfServiceMost],
  chores: ({ suppressions: book, books, unit, reactions, wall, unrecorded, log, directory, rules, sounding, ownAlarm }) => {
    const failed = (error: unknown) => {
      if (!storeFailed(error)) log.error({ err: error }, 'bug: what was set aside could not be brought back; it is shown')
    }
    const changed = (ids: readonly string[]) => unrecorded.showAgain(ids)
    const parts = { book, read: books.read, unit, reactions, changed, failed }
    const watch = openSoundWatch(monotonicMs())
    const silent = async () => {
      // Nobody sits before a demo all night.
      const after = directory.site.demo ? null : rules.ms(soundWatch)
      const is = watch.isSilent(sounding().length, monotonicMs(), after)
      await ownAlarm({ key: 'sound', level: 2, name: say.desk.nobodyHears }, is)
    }
    return [
      { what: 'what is out of sight', act: () => endOfTime(parts, wall()) },
      { what: 'whether anybody hears', act: silent },
    ]
  },
  async handsOver({ db, directory }) {
    const clock = directory.calendar.clockOf
    const standing = await db
      .selectFrom('alarm')
      .selectAll()
      .where('returned_at', 'is', null)
      .orderBy('level')
      .orderBy('raised_at')
      .execute()
    return standing.map(a => {
      const text = say.desk.standingAlarm(a.level, textOf(a.name_json), clock(a.raised_at))
      // One that has its case is explained there.
      return { kind: 'alarm' as const, ref: a.id, text, needsRemark: a.ticket === null && a.level <= 3 }
    })
  },
}
