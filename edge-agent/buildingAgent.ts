import { monotonicFactory } from 'ulid'
import type { Decoded } from '#contract/decode'
import { type PointRef, refOf, splitRef } from '#contract/names'
import type { Catalogue, Profile, ProfilePoint } from '#contract/profile'
import type { Programme } from '#contract/programme'
import type { Scalar } from '#contract/quality'
import { type Device, linkagesOf, type Site } from '#contract/site'
import { openCalendar } from '#program/localCalendar'
import type { Log } from '#program/log'
import { monotonicMs, type WallClock } from '#program/wallClock'
import { AlarmKeeper, type DirectAlarm } from './control/alarmKeeper.ts'
import { CommandDesk } from './control/commandDesk.ts'
import { DeviceClocks } from './control/deviceClocks.ts'
import { DiskWatch } from './control/diskWatch.ts'
import { EquipmentGuard } from './control/equipmentGuard.ts'
import { FireLinkage, linkageKey } from './control/fireLinkage.ts'
import { Heartbeats } from './control/heartbeats.ts'
import { HeldDemand } from './control/heldDemand.ts'
import { LinkAlarms } from './control/linkAlarms.ts'
import { PriorityArrays } from './control/priorityArrays.ts'
import { ProgrammeKeeper, runningNodes } from './control/programmeKeeper.ts'
import { RunKeeper, runSources } from './control/runKeeper.ts'
import { SilenceWatch } from './control/silenceWatch.ts'
import { Writer } from './control/writer.ts'
import { ProcessImage } from './domain/image.ts'
import type { FieldBus, FieldEvents } from './field/fieldBus.ts'
import type { EdgeMemory, Effect } from './memory/edgeMemory.ts'
import { catalogueOf } from './uplink/catalogue.ts'
import { JournalSender } from './uplink/journalSender.ts'
import { Uplink } from './uplink/uplink.ts'

const tickMs = 100
const statusMs = 2000
const stateMs = 30_000
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

  const [keptStanding, keptHolders, keptLatched, keptRuns, keptProgramme, keptCommands, keptHeard] = await Promise.all(
    (['standing', 'holder', 'latched', 'run', 'programme', 'command', 'heard'] as const).map(b => memory.all(b)),
  )
  const image = new ProcessImage(
    devices.map(d => ({ id: d.id, profile: profileOf.get(d.id) as Profile })),
    wall(),
  )
  const commandable = new Map<PointRef, Scalar>()
  for (const d of devices)
    for (const [key, p] of profileOf.get(d.id)?.points ?? [])
      if (p.write) commandable.set(refOf(d.id, key), p.write.relinquishDefault)
  const arrays = new PriorityArrays(commandable, keptHolders ?? new Map())
  const alarms = new AlarmKeeper(
    devices.map(d => ({
      id: d.id,
      name: d.name,
      profile: profileOf.get(d.id) as Profile,
      placeOf: point => placeOf(site, d, point),
    })),
    image,
    keptStanding ?? new Map(),
  )
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
        publishNews()
      },
      error => {
        // Without its disk the agent must not pretend: it stops, and starts again with what was kept.
        log.fatal({ err: error }, 'the journal cannot be written')
        process.exit(1)
      },
    )
  }

  const setAlarm = (alarm: DirectAlarm, active: boolean) => alarms.setDirect(alarm, active, wall())
  const stands = (key: string) => alarms.standing.has(key)
  const links = new LinkAlarms({
    buses,
    devices,
    profileOf: id => profileOf.get(id),
    standing: alarms.standing.values(),
    startedAt,
    setAlarm,
  })
  const clocks = new DeviceClocks({
    devices: devices.map(device => ({ device, profile: profileOf.get(device.id) as Profile })),
    stands,
    setAlarm,
  })
  const disk = new DiskWatch({ memory, stands, setAlarm })
  const fire = new FireLinkage({ site, image, arrays, mono, wall, commit, setAlarm }, keptLatched ?? new Map())
  const nodes = runningNodes(site, catalogue, devices)
  const switched = new Set(nodes.map(n => refOf(n.device, n.command)))
  const send = (device: string, key: string, value: Scalar) =>
    fieldBuses.get(byId.get(device)?.bus ?? '')?.write(device, key, value) ?? Promise.resolve(false)
  const writer = new Writer({
    arrays,
    image,
    pointOf,
    mono,
    wall,
    commit,
    onWritten: (ref, value) => fire.onWritten(ref, value),
    // Before the first programme nobody has said what should run: what runs is left running.
    leaveAlone: ref => programme.revision === 0 && switched.has(ref),
    send: (ref, value) => send(...splitRef(ref), value),
  })
  const programme = new ProgrammeKeeper({
    site,
    nodes,
    calendar: openCalendar(site.timeZone),
    arrays,
    kept: keptProgramme?.get('in-force') as Programme | undefined,
    wall: wall(),
  })
  const heartbeats = new Heartbeats({
    devices: [...image.devices.values()],
    linkOk: id => image.linkOk(id),
    send,
  })
  const guard = new EquipmentGuard({ site, catalogue, devices, arrays, read: ref => image.get(ref) })
  const desk = new CommandDesk(
    {
      arrays,
      image,
      writer,
      fire,
      pointOf,
      mono,
      wall,
      commit,
      compartmentPoint(id) {
        const c = site.compartments.find(x => x.id === id)
        return c && refOf(c.panel, c.panelNormal.point)
      },
    },
    keptCommands ?? new Map(),
  )
  const held = new HeldDemand({
    feeders: nodes.filter(n => !n.zone).map(n => ({ ...n, name: byId.get(n.device)?.name ?? { zh: n.device, en: n.device } })),
    arrays,
    wantedButHeld: () => programme.wantedButHeld(),
    stands,
    setAlarm,
  })
  const silence = new SilenceWatch({ devices, setAlarm }, keptHeard ?? new Map(), wall())
  const runs = new RunKeeper(runSources(site, catalogue, devices), image)
  commit(RunKeeper.closeInterrupted(keptRuns ?? new Map(), await memory.lastAlive(), wall()))
  desk.closeInterrupted(keptCommands ?? new Map())
  const linkageKeys = site.compartments
    .filter(c => fire.isLatched(c.id))
    .flatMap(c => linkagesOf(site, c).map(l => linkageKey(c.id, l.id)))
  const known = new Set([disk, silence, links, held, clocks].flatMap(x => x.keys).concat(linkageKeys))
  commit(alarms.dropUnknown(wall(), key => known.has(key)))

  // ---- what comes from the field
  const lastSent = new Map<string, number>()
  const publishDevice = (id: string, keys: readonly string[]) => {
    const device = image.devices.get(id)
    if (!device || !uplink.up) return
    lastSent.set(id, mono())
    void uplink.device(device, keys)
  }
  const events: FieldEvents = {
    onReadings(id, readings) {
      const news = image.apply(id, readings, wall(), mono())
      commit(alarms.evaluate(id, mono(), wall()))
      commit(silence.heard(id, news, key => image.get(refOf(id, key))?.v === true, wall()))
      const clock = clocks.read(id, readings, wall())
      if (clock) {
        image.setDrift(id, clock.driftMs)
        commit(clock.effects)
      }
      fire.onPanelRead(id)
      for (const ref of fire.startSignals()) writer.urge(ref)
      commit([...guard.protect(wall()), ...guard.settle(wall())])
      writer.step(id)
      fire.step()
      commit(runs.step(wall()))
      if (news.length > 0 || mono() - (lastSent.get(id) ?? 0) >= freshMs) publishDevice(id, news)
    },
    onUnreadable(id, points) {
      const news = image.setUnreadable(id, points, wall())
      commit(runs.step(wall()))
      if (news.length > 0) publishDevice(id, news)
    },
    onLink(id, reason) {
      const stale = image.setLink(id, reason, wall())
      if (stale === undefined) return
      if (reason === null) writer.forget(id)
      commit([...alarms.setVerified(id, reason === null, wall()), ...links.onDevice(id, reason)])
      commit(runs.step(wall()))
      publishDevice(id, stale)
      statusDue = 0
    },
    onBus(id, lost) {
      const changed = links.onBus(id, lost, wall())
      if (!changed) return
      commit(changed)
      statusDue = 0
    },
    onEvent(device, event, detail) {
      commit([{ record: { type: 'access', at: wall(), device, event, detail } }])
    },
    onError(id) {
      const device = image.devices.get(id)
      if (device) device.link = { ...device.link, errors: device.link.errors + 1 }
    },
  }
  // ---- what goes up
  const publishNews = () => {
    // Never ahead of the disk: what others have seen must still be true after a crash.
    // But for a disk that takes nothing any more: then what stands is told all the same.
    if (!uplink.up || (unwritten > 0 && !memory.full)) return
    if (alarms.news) {
      alarms.news = false
      void uplink.standing([...alarms.standing.values()])
    }
    if (arrays.news.size === 0) return
    const kept = new Set(programme.wantedButHeld())
    for (const ref of arrays.news) void uplink.holders(ref, { array: arrays.of(ref), wantedButHeld: kept.has(ref) })
    arrays.news.clear()
  }
  const publishStatus = () => {
    const ofDevices = [...image.devices].map(([id, d]) => [id, d.link] as const)
    return uplink.status(Object.fromEntries([...ofDevices, ...links.buses]), disk.state)
  }
  const publishAll = async () => {
    // What stands now comes before any history (design §3).
    await publishStatus()
    alarms.news = true
    // Empty arrays too: the broker may remember holders that ended while the link was down.
    for (const ref of arrays.all.keys()) arrays.news.add(ref)
    publishNews()
    sender.onUp()
    void uplink.programmeReport(programme.report)
    for (const d of image.devices.values()) {
      void uplink.catalogue(catalogueOf(d.id, d.profile))
      await uplink.device(d)
    }
  }
  const onMessage = (m: Decoded, retained: boolean) => {
    if (!m.ok) return
    if (m.kind === 'command') desk.receive(m.body)
    else if (m.kind === 'programme') {
      commit(programme.receive(m.body, wall()))
      commit(programme.step(wall()))
      void uplink.programmeReport(programme.report)
    } else if (m.kind === 'journalAck' && m.body.journalId === memory.journalId) sender.onAck(m.body.upTo)
    else if (m.kind === 'consoleStatus' && m.body.online && !retained) {
      desk.onConsoleClock(m.body.clock)
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
    simTime: o.clock.simulated,
    wall,
    log,
    onUp() {
      void publishAll()
    },
    onDown: () => sender.onDown(),
    onMessage,
  })

  // ---- time passes
  let statusDue = 0
  let stateDue = mono()
  let stateTurn = 0
  let aliveDue = 0
  const tick = () => {
    const now = mono()
    for (const { ref, holder } of arrays.expired(wall())) if (holder.level !== 2) commit(arrays.clear(ref, holder.level))
    commit(guard.protect(wall()))
    commit(programme.step(wall()))
    commit(guard.settle(wall()))
    for (const id of image.devices.keys()) commit(alarms.evaluate(id, now, wall(), true))
    writer.step()
    heartbeats.step(now)
    fire.step()
    commit(runs.step(wall()))
    commit(held.step(now))
    publishNews()
    if (now >= statusDue) {
      statusDue = now + statusMs
      if (uplink.up) void publishStatus()
    }
    // The full states go round in turn, a few each tick, rather than all at once every 30 s.
    const round = [...image.devices.values()]
    for (; stateDue <= now; stateDue += stateMs / Math.max(1, round.length)) {
      const device = round[stateTurn++ % round.length]
      if (uplink.up && device) void uplink.device(device)
    }
    if (now >= aliveDue) {
      aliveDue = now + aliveMs
      commit(silence.step(wall()))
      void memory.saveAlive(wall()).catch(error => log.error({ err: error }, 'the disk takes nothing'))
      void disk.measure().then(commit)
    }
  }
  const timer = setInterval(tick, tickMs)
  for (const [id, bus] of o.openBuses(events)) fieldBuses.set(id, bus)

  return {
    ready: () => uplink.up || 'no uplink',
    pending: () => sender.pending,
    rejected: () => uplink.rejected,
    async close() {
      clearInterval(timer)
      await Promise.all([...fieldBuses.values()].map(b => b.close()))
      await memory.saveAlive(wall())
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
