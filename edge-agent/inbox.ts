import type { Decoded } from '#contract/decode'
import type { Core } from './core.ts'
import type { JournalSender } from './uplink/journalSender.ts'
import type { Uplink } from './uplink/uplink.ts'

/** What comes down from the console. */
export const inboxOf = (core: Core, sender: JournalSender, uplink: () => Uplink, agent: string) => {
  const { now, commit, memory, desk, programme, decider, watches, image } = core
  return (m: Decoded, retained: boolean) => {
    if (!m.ok) return
    if (m.kind === 'command') desk.receive(m.body)
    else if (m.kind === 'programme') {
      commit(programme.receive(m.body, now().wall))
      decider.settle(now().wall)
      void uplink().programmeReport(programme.report)
    } else if (m.kind === 'journalAck' && m.body.journalId === memory.journalId) sender.onAck(m.body.upTo)
    else if (m.kind === 'consoleStatus' && m.body.online && !retained) {
      desk.onConsoleClock(m.body.clock, m.body.session)
      for (const watch of watches) watch.onConsole?.(m.body.wall, now().wall)
      // A disk that takes nothing now is told of elsewhere; the next seal holds for this one as well.
      if (m.body.seal) void memory.seal(m.body.seal, now().mono).catch(() => {})
      sender.onHighWater(m.body.highWater[`${agent}/${memory.journalId}`] ?? 0, m.body.session)
    } else if (m.kind === 'refresh') {
      for (const d of image.devices.values()) if (m.body.device === null || m.body.device === d.id) void uplink().device(d)
    }
  }
}
