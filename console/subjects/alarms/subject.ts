import { say } from '#api/words/text'
import { textOf } from '../../server/books/words.ts'
import type { Subject } from '../../server/desk/subject.ts'
import { alarmRoutes } from './routes.ts'

/** Alarms as people act on them: acknowledged, owned, noted (design §5). */
export const alarms: Subject = {
  routes: alarmRoutes,
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
