import { monotonicFactory } from 'ulid'
import { isSimulated } from '#contract/pace'
import type { Log } from '#program/log'
import type { SiteInForce } from '#program/siteInForce'
import { monotonicMs, type WallClock } from '#program/wallClock'
import { startClockwork } from './clockwork.ts'
import { siteChange } from './control/siteWatch.ts'
import { openCore } from './core.ts'
import type { FieldBus, FieldEvents } from './field/fieldBus.ts'
import { inboxOf } from './inbox.ts'
import { intakeOf } from './intake.ts'
import type { EdgeMemory, Effect } from './memory/edgeMemory.ts'
import { JournalSender } from './uplink/journalSender.ts'
import { Publisher } from './uplink/publisher.ts'
import { Uplink } from './uplink/uplink.ts'

const sessionId = monotonicFactory()

type Options = {
  inForce: SiteInForce
  agent: string
  memory: EdgeMemory
  clock: WallClock
  log: Log
  version: string
  uplink: { url: string; user: string; password: string }
  openBuses(events: FieldEvents): Map<string, FieldBus>
}

/** The edge agent, wired. Data flows one way: field -> intake -> core -> disk -> uplink; what comes down goes through the inbox. */
export const startBuildingAgent = async (o: Options) => {
  const { memory, log } = o
  const { site } = o.inForce
  const wall = () => o.clock.now()
  const fieldBuses = new Map<string, FieldBus>()
  const sender = new JournalSender(memory, records => uplink.journal({ journalId: memory.journalId, records }))
  let unwritten = 0
  let publisher: Publisher | undefined
  const commit = (effects: readonly Effect[]) => {
    if (effects.length === 0) return
    unwritten++
    memory.commit(effects).then(
      records => {
        unwritten--
        sender.add(records)
        publisher?.news()
      },
      error => {
        // Without its disk the agent must not pretend: it stops, and starts again with what was kept.
        log.fatal({ err: error }, 'the journal cannot be written')
        process.exit(1)
      },
    )
  }
  const busOf = new Map(site.devices.map(d => [d.id, d.bus]))
  const core = await openCore({
    ...o,
    ...o.inForce,
    commit,
    send: (device, key, value) =>
      fieldBuses.get(busOf.get(device) ?? '')?.write(device, key, value) ?? Promise.resolve('link-lost' as const),
  })
  const uplink: Uplink = new Uplink({
    ...o.uplink,
    site: site.site,
    agent: o.agent,
    session: sessionId(),
    version: o.version,
    simTime: () => isSimulated(o.clock.pace),
    wall,
    log,
    onUp() {
      void publisher?.everything()
    },
    onDown: () => sender.onDown(),
    onMessage: inboxOf(core, sender, () => uplink, o.agent),
  })
  publisher = new Publisher({
    uplink,
    ...core,
    sender,
    busLinks: () => core.links.links,
    mono: monotonicMs,
    unwritten: () => unwritten > 0,
    journalState: () => core.disk.state,
  })
  const change = siteChange(o.inForce, wall())
  if (change) commit([{ record: change }])
  const intake = intakeOf(core, publisher)
  const stopClockwork = startClockwork(core, publisher, log)
  for (const [id, bus] of o.openBuses(intake.events)) fieldBuses.set(id, bus)

  return {
    /** The site file has been changed, and why it is not taken; undefined: it is as it was. */
    siteRefused(why: string | undefined) {
      core.siteFile.refused = why
    },
    ready: () => uplink.up || 'no uplink',
    pending: () => sender.pending,
    rejected: () => uplink.rejected,
    oversize: () => uplink.oversize,
    paces: () => core.links.paces(),
    async close() {
      stopClockwork()
      intake.stop()
      await Promise.all([...fieldBuses.values()].map(b => b.close()))
      await memory.saveAlive(wall(), core.wallWatch.lived(monotonicMs()))
      await uplink.close()
      await memory.close()
    },
  }
}
