import { monotonicFactory } from 'ulid'
import type { Decoded } from '#contract/decode'
import { type PointRef, refOf, splitRef } from '#contract/names'
import { isSimulated } from '#contract/pace'
import type { Catalogue, Profile, ProfilePoint } from '#contract/profile'
import type { Programme } from '#contract/programme'
import type { Scalar } from '#contract/quality'
import type { Device, Site } from '#contract/site'
import { openCalendar } from '#program/localCalendar'
import type { Log } from '#program/log'
import { monotonicMs, type WallClock } from '#program/wallClock'
import { AlarmKeeper, type DirectAlarm } from './control/alarmKeeper.ts'
import { CommandDesk } from './control/commandDesk.ts'
import { Decider } from './control/decider.ts'
import { DeviceClocks } from './control/deviceClocks.ts'
import { DiskWatch } from './control/diskWatch.ts'
import { EquipmentGuard } from './control/equipmentGuard.ts'
import { FireLinkage } from './control/fireLinkage.ts'
import { Heartbeats } from './control/heartbeats.ts'
import { HeldDemand } from './control/heldDemand.ts'
import { LinkAlarms } from './control/linkAlarms.ts'
import { PartAlarms } from './control/partAlarms.ts'
import { PriorityArrays } from './control/priorityArrays.ts'
import { ProgrammeKeeper, runningNodes } from './control/programmeKeeper.ts'
import { RunKeeper, runSources } from './control/runKeeper.ts'
import { SilenceWatch } from './control/silenceWatch.ts'
import { Suspects } from './control/suspects.ts'
import { WallWatch } from './control/wallWatch.ts'
import { Writer } from './control/writer.ts'
import { ProcessImage } from './domain/image.ts'
import type { FieldBus, FieldEvents } from './field/fieldBus.ts'
import type { EdgeMemory, Effect } from './memory/edgeMemory.ts'
import { JournalSender } from './uplink/journalSender.ts'
import { Publisher } from './uplink/publisher.ts'
import { Uplink } from './uplink/uplink.ts'

const tickMs = 100
const freshMs = 2000
const aliveMs = 5000
const sessionId = monotonicFactory()

type Options = {
  site: Site
  catalogue: Catalogue
  agent: string
  memory: EdgeMemory
  clock: WallClock
  log: Log
  version: string
  uplink: { url: string; user: string; password: string }
  openBuses(events: FieldEvents): Map<string, FieldBus>
}

/**
 * The edge agent, wired: field -> image -> alarms, fire rule, read-backs, runs -> disk -> uplink. Data flows this one
 * way; every decision is made in `domain/` and `control/`, this file only says what happens after what.
 */
export const startBuildingAgent = async (o: Options) => {
  const { site, catalogue, memory, log } = o
  const wall = () => o.clock.now()
  const startedAt = wall()
  const mono = monotonicMs
  const buses = site.buses.filter(b => b.agent === o.agent)
  const devices = site.devices.filter(d => buses.some(b => b.id === d.bus))
  const profileOf = new Map(devices.map(d => [d.id, catalogue.get(d.profile) as Profile]))
  const byId = new Map(devices.map(d => [d.id, d]))
  const pointOf = (ref: PointRef): ProfilePoint | undefined => {
    const [device, key] = splitRef(ref)
    return profileOf.get(device)?.points.get(key)
  }

  const buckets = ['standing', 'holder', 'latched', 'witness', 'test', 'run', 'programme', 'command', 'heard'] as const
  const kept = Object.fromEntries(await Promise.all(buckets.map(async b => [b, await memory.all(b)]))) as Record<
    (typeof buckets)[number],
    Map<string, unknown>
  >
  const image = new ProcessImage(
    devices.map(d => ({ id: d.id, profile: profileOf.get(d.id) as Profile })),
    wall(),
  )
  const commandable = new Map<PointRef, Scalar>()
  for (const d of devices)
    for (const [key, p] of profileOf.get(d.id)?.points ?? [])
      if (p.write) commandable.set(refOf(d.id, key), p.write.relinquishDefault)
  const arrays = new PriorityArrays(commandable, kept.holder)
  const watched = devices.map(d => ({
    id: d.id,
    name: d.name,
    place: d.place ?? null,
    profile: profileOf.get(d.id) as Profile,
    placeOf: (point: string) => placeOf(site, d, point),
  }))
  const alarms = new AlarmKeeper(watched, image, kept.standing)
  const fieldBuses = new Map<string, FieldBus>()
  // ---- disk, then wire
  const sender = new JournalSender(memory, records => uplink.journal({ journalId: memory.journalId, records }))
  let unwritten = 0
  const commit = (effects: readonly Effect[]) => {
    if (effects.length === 0) return
    unwritten++
    memory.commit(effects).then(
      records => {
        unwritten--
        sender.add(records)
        publisher.news()
      },
      error => {
        // Without its disk the agent must not pretend: it stops, and starts again with what was kept.
        log.fatal({ err: error }, 'the journal cannot be written')
        process.exit(1)
      },
    )
  }

  const setAlarm = (alarm: DirectAlarm, active: boolean, point?: string | null) => alarms.setDirect(alarm, active, wall(), point)
  const stands = (key: string) => alarms.standing.has(key)
  const links = new LinkAlarms({
    buses,
    devices,
    profileOf: id => profileOf.get(id),
    standing: alarms.standing.values(),
    startedAt,
    stands,
    setAlarm,
  })
  const clocks = new DeviceClocks({
    devices: devices.map(device => ({ device, profile: profileOf.get(device.id) as Profile })),
    stands,
    setAlarm,
  })
  const clearAlarm = (key: string) => alarms.clear(key, wall())
  const parts = new PartAlarms({ devices: watched, standing: alarms.standing.values(), stands, setAlarm, clearAlarm })
  const suspects = new Suspects({ devices: watched, stands, setAlarm })
  const disk = new DiskWatch({ memory, stands, setAlarm })
  const wallWatch = new WallWatch({ pace: () => o.clock.pace, setAlarm }, { wall: wall(), mono: mono() })
  const fire = new FireLinkage({ site, image, arrays, mono, wall, commit, setAlarm }, kept)
  const nodes = runningNodes(site, catalogue, devices)
  const switched = new Set(nodes.map(n => refOf(n.device, n.command)))
  const send = (device: string, key: string, value: Scalar) =>
    fieldBuses.get(byId.get(device)?.bus ?? '')?.write(device, key, value) ?? Promise.resolve('link-lost' as const)
  const writer = new Writer({
    arrays,
    image,
    pointOf,
    mono,
    wall,
    commit,
    onWritten: (ref, value, how) => fire.onWritten(ref, value, how),
    // Before the first programme nobody has said what should run: what runs is left running.
    leaveAlone: ref => programme.revision === 0 && switched.has(ref),
    send: (ref, value) => send(...splitRef(ref), value),
  })
  const programme = new ProgrammeKeeper({
    site,
    nodes,
    calendar: openCalendar(site.timeZone),
    arrays,
    kept: kept.programme.get('in-force') as Programme | undefined,
    wall: wall(),
  })
  const heartbeats = new Heartbeats({
    devices: [...image.devices.values()],
    linkOk: id => image.linkOk(id),
    send,
  })
  const guard = new EquipmentGuard({ site, catalogue, devices, arrays, read: ref => image.get(ref) })
  const decider = new Decider({ arrays, guard, programme, commit })
  const desk = new CommandDesk({ arrays, image, writer, fire, pointOf, mono, wall, commit }, kept.command)
  const held = new HeldDemand({
    feeders: nodes.filter(n => !n.zone).map(n => ({ ...n, name: byId.get(n.device)?.name ?? { zh: n.device, en: n.device } })),
    arrays,
    wantedButHeld: () => programme.wantedButHeld(),
    stands,
    setAlarm,
  })
  const silence = new SilenceWatch({ devices, setAlarm }, kept.heard, wall())
  const runs = new RunKeeper(runSources(site, catalogue, devices), image)
  commit(RunKeeper.closeInterrupted(kept.run, await memory.lastAlive(), wall()))
  desk.closeInterrupted(kept.command)
  commit(fire.resume())
  const known = new Set([disk, silence, links, held, clocks, suspects, wallWatch, fire].flatMap(x => x.keys))
  commit(alarms.dropUnknown(wall(), key => known.has(key) || parts.knows(key)))
  // Before any bus is opened: what ended while nobody watched is never written.
  decider.settle(wall())

  // ---- what comes from the field
  /** Values that went out of sight, or came back: what is decided by them, and what stands because of them. */
  const outOfSight = (id: string, keys: readonly string[]) => {
    alarms.suspend(id, keys)
    commit(alarms.verify(id, wall()))
    commit(runs.step(wall(), wallWatch.lived(mono()), id))
  }
  let stopping = false
  const events: FieldEvents = {
    onExchange(id, exchange) {
      const { readings } = exchange
      const { suspect, effects } = suspects.judge(id, exchange, mono())
      const doubted = image.setSuspect(id, suspect)
      const news = [...doubted, ...image.apply(id, readings, wall(), mono())]
      commit([...effects, ...parts.onExchange(id, exchange, mono())])
      commit(alarms.evaluate(id, readings.keys(), mono(), wall()))
      if (news.length > 0) commit(alarms.verify(id, wall()))
      commit(silence.heard(id, news, key => image.get(refOf(id, key))?.v === true, wall()))
      const clock = clocks.read(id, exchange, wall())
      if (clock) {
        image.setDrift(id, clock.driftMs)
        commit(clock.effects)
      }
      fire.onPanelRead(id)
      decider.afterExchange(wall())
      for (const ref of fire.startSignals()) writer.urge(ref)
      writer.step(id)
      fire.step()
      commit(runs.step(wall(), wallWatch.lived(mono()), id))
      publisher.device(id, news, freshMs)
    },
    onPart(id, part, fault) {
      if (stopping) return
      commit(parts.onPart(id, part, fault))
      if (!fault) return
      const stale = image.setStale(id, part.keys)
      outOfSight(id, stale)
      publisher.device(id, stale)
    },
    onLink(id, fault) {
      if (stopping) return
      const stale = image.setLink(id, fault, wall())
      if (stale === undefined) return
      if (fault === null) writer.forget(id)
      else suspects.forget(id)
      commit(links.onDevice(id, fault))
      outOfSight(id, stale)
      publisher.device(id, stale)
      publisher.hurry()
    },
    onBus(id, fault) {
      if (stopping) return
      const changed = links.onBus(id, fault, wall())
      if (!changed) return
      commit(changed)
      publisher.hurry()
    },
    onFigures: (id, figures) => commit(links.onFigures(id, figures, mono())),
    onEvent(device, event, detail) {
      commit([{ record: { type: 'access', at: wall(), device, event, detail } }])
    },
    onError(id) {
      const device = image.devices.get(id)
      if (device) device.link = { ...device.link, errors: device.link.errors + 1 }
    },
  }
  // ---- what comes down
  const onMessage = (m: Decoded, retained: boolean) => {
    if (!m.ok) return
    if (m.kind === 'command') desk.receive(m.body)
    else if (m.kind === 'programme') {
      commit(programme.receive(m.body, wall()))
      decider.settle(wall())
      void uplink.programmeReport(programme.report)
    } else if (m.kind === 'journalAck' && m.body.journalId === memory.journalId) sender.onAck(m.body.upTo)
    else if (m.kind === 'consoleStatus' && m.body.online && !retained) {
      desk.onConsoleClock(m.body.clock, m.body.session)
      clocks.onConsole(m.body.wall, wall())
      sender.onHighWater(m.body.highWater[`${o.agent}/${memory.journalId}`] ?? 0, m.body.session)
    } else if (m.kind === 'refresh') {
      for (const d of image.devices.values()) if (m.body.device === null || m.body.device === d.id) void uplink.device(d)
    }
  }
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
      void publisher.everything()
    },
    onDown: () => sender.onDown(),
    onMessage,
  })

  const publisher = new Publisher({
    uplink,
    image,
    alarms,
    arrays,
    programme,
    writer,
    sender,
    memory,
    busLinks: () => links.links,
    mono,
    unwritten: () => unwritten > 0,
    journalState: () => disk.state,
  })

  // ---- time passes
  let aliveDue = 0
  const tick = () => {
    const now = mono()
    const { jumpedFrom, effects } = wallWatch.look({ wall: wall(), mono: now })
    if (jumpedFrom) commit(runs.cut({ wall: jumpedFrom.wall, livedMs: wallWatch.lived(jumpedFrom.mono) }, wall()))
    commit(effects)
    for (const [id, keys] of image.age(now)) {
      commit(alarms.verify(id, wall()))
      publisher.device(id, keys)
    }
    decider.settle(wall())
    commit(alarms.elapse(now, wall()))
    writer.step()
    heartbeats.step(now)
    fire.step()
    commit(runs.step(wall(), wallWatch.lived(now)))
    commit(held.step(now))
    desk.prune(now)
    publisher.step(now)
    if (now >= aliveDue) {
      aliveDue = now + aliveMs
      commit(silence.step(wall()))
      void memory.saveAlive(wall(), wallWatch.lived(now)).catch(error => log.error({ err: error }, 'the disk takes nothing'))
      void disk.measure().then(commit)
    }
  }
  const timer = setInterval(tick, tickMs)
  for (const [id, bus] of o.openBuses(events)) fieldBuses.set(id, bus)

  return {
    ready: () => uplink.up || 'no uplink',
    pending: () => sender.pending,
    rejected: () => uplink.rejected,
    oversize: () => uplink.oversize,
    paces: () => links.paces(),
    async close() {
      clearInterval(timer)
      // From here on a bus that falls silent is one that we have left.
      stopping = true
      await Promise.all([...fieldBuses.values()].map(b => b.close()))
      await memory.saveAlive(wall(), wallWatch.lived(mono()))
      await uplink.close()
      await memory.close()
    },
  }
}

/** Where an alarm of a device is: the compartment of a panel's detector, otherwise the device's own place. */
const placeOf = (site: Site, device: Device, point: string): string | null => {
  const stem = point.replace(/_[a-z]+$/, '_')
  const compartment = site.compartments.find(c => c.panel === device.id && c.witnesses.some(w => w.startsWith(stem)))
  return compartment?.id ?? device.place ?? null
}
