import { type PointRef, refOf, splitRef } from '#contract/names'
import type { Catalogue, Profile, ProfilePoint } from '#contract/profile'
import type { Programme } from '#contract/programme'
import type { Scalar } from '#contract/quality'
import { type Device, isSimulatedDevice, type Site } from '#contract/site'
import { openCalendar } from '#program/localCalendar'
import { monotonicMs, type WallClock } from '#program/wallClock'
import { AlarmKeeper, type DirectAlarm } from './control/alarmKeeper.ts'
import { CommandDesk } from './control/commandDesk.ts'
import { Decider } from './control/decider.ts'
import { DiskWatch } from './control/diskWatch.ts'
import { EquipmentGuard } from './control/equipmentGuard.ts'
import { FireLinkage } from './control/fireLinkage.ts'
import { Heartbeats } from './control/heartbeats.ts'
import { LinkAlarms } from './control/linkAlarms.ts'
import { PartAlarms } from './control/partAlarms.ts'
import { PriorityArrays } from './control/priorityArrays.ts'
import { ProgrammeKeeper, runningNodes } from './control/programmeKeeper.ts'
import { RunKeeper, runSources } from './control/runKeeper.ts'
import { SiteWatch } from './control/siteWatch.ts'
import { Suspects } from './control/suspects.ts'
import { WallWatch } from './control/wallWatch.ts'
import type { Watch } from './control/watch.ts'
import { openWatches } from './control/watches.ts'
import { Writer } from './control/writer.ts'
import { levelOf } from './domain/alarmLevel.ts'
import { ProcessImage } from './domain/image.ts'
import type { Moment } from './domain/wallSteps.ts'
import type { Written } from './field/fieldBus.ts'
import type { EdgeMemory, Effect } from './memory/edgeMemory.ts'

const buckets = ['standing', 'holder', 'latched', 'witness', 'test', 'run', 'programme', 'command', 'heard'] as const
type Kept = Record<(typeof buckets)[number], Map<string, unknown>>

type Options = {
  site: Site
  catalogue: Catalogue
  agent: string
  memory: EdgeMemory
  clock: WallClock
  /** Why the site file is not the one in force; undefined: it is. */
  refused: string | undefined
  /** What must reach the disk before anybody is told of it. */
  commit(effects: readonly Effect[]): void
  send(device: string, point: string, value: Scalar): Promise<Written>
}

/**
 * What the agent knows and decides with, made from the site file and from what was on its disk; what ended while nobody
 * watched is settled before any bus is opened. It has no timer and no socket: `intake.ts`, `inbox.ts` and `clockwork.ts` drive it.
 */
export const openCore = async (o: Options) => {
  const { site, catalogue, memory, commit } = o
  const wall = () => o.clock.now()
  const now = (): Moment => ({ wall: wall(), mono: monotonicMs() })
  const startedAt = wall()
  const mono = monotonicMs
  const kept = Object.fromEntries(await Promise.all(buckets.map(async b => [b, await memory.all(b)]))) as Kept

  const buses = site.buses.filter(b => b.agent === o.agent)
  const devices = site.devices.filter(d => buses.some(b => b.id === d.bus))
  const profileOf = new Map(devices.map(d => [d.id, catalogue.get(d.profile) as Profile]))
  const pointOf = (ref: PointRef): ProfilePoint | undefined => {
    const [device, key] = splitRef(ref)
    return profileOf.get(device)?.points.get(key)
  }
  const watched = devices.map(d => ({
    id: d.id,
    name: d.name,
    place: d.place ?? null,
    profile: profileOf.get(d.id) as Profile,
    placeOf: (point: string) => placeOf(site, d, point),
    // A demo is simulated as a whole, and says so.
    simulated: !site.demo && isSimulatedDevice(site, d),
  }))
  const image = new ProcessImage(watched, startedAt)
  const commandable = new Map<PointRef, Scalar>()
  for (const { id, profile } of watched)
    for (const [key, p] of profile.points) if (p.write) commandable.set(refOf(id, key), p.write.relinquishDefault)
  const arrays = new PriorityArrays(commandable, kept.holder)
  const calendar = openCalendar(site.timeZone)
  const alarms = new AlarmKeeper(watched, image, kept.standing, site.suppressions, (a, at) =>
    levelOf(site.levels, a, calendar.partsOf(at).minuteOfDay),
  )
  const raising = {
    stands: (key: string) => alarms.standing.has(key),
    setAlarm: (alarm: DirectAlarm, active: boolean, point?: string | null) => alarms.setDirect(alarm, active, wall(), point),
  }
  const links = new LinkAlarms({
    buses,
    devices,
    profileOf: id => profileOf.get(id),
    standing: alarms.standing.values(),
    startedAt,
    ...raising,
  })
  const clearAlarm = (key: string) => alarms.clear(key, wall())
  const parts = new PartAlarms({ devices: watched, standing: alarms.standing.values(), clearAlarm, ...raising })
  const suspects = new Suspects({ devices: watched, ...raising })
  const wallWatch = new WallWatch({ pace: () => o.clock.pace, ...raising }, now())
  const fire = new FireLinkage({ site, image, arrays, mono, wall, commit, setAlarm: raising.setAlarm }, kept)

  const nodes = runningNodes(site, catalogue, devices)
  const switched = new Set(nodes.map(n => refOf(n.device, n.command)))
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
    send: (ref, value) => o.send(...splitRef(ref), value),
  })
  const programme = new ProgrammeKeeper({
    site,
    nodes,
    calendar,
    arrays,
    kept: kept.programme.get('in-force') as Programme | undefined,
    wall: wall(),
  })
  const heartbeats = new Heartbeats({ devices: watched, linkOk: id => image.linkOk(id), send: o.send })
  const guard = new EquipmentGuard({ site, catalogue, devices, arrays, read: ref => image.get(ref) })
  const decider = new Decider({ arrays, guard, programme, commit })
  const desk = new CommandDesk({ arrays, image, writer, fire, pointOf, mono, wall, commit }, kept.command)
  const runs = new RunKeeper(runSources(site, catalogue, devices), image)
  const disk = new DiskWatch({ memory, ...raising })
  const siteFile = new SiteWatch(o.refused, raising.setAlarm)
  const watches: readonly Watch[] = [
    ...openWatches({
      catalogue,
      devices,
      nodes,
      image,
      arrays,
      wantedButHeld: () => programme.wantedButHeld(),
      kept: kept.heard,
      wall: wall(),
      ...raising,
    }),
    disk,
    siteFile,
  ]

  commit(RunKeeper.closeInterrupted(kept.run, await memory.lastAlive(), wall()))
  desk.closeInterrupted(kept.command)
  commit(fire.resume())
  const known = new Set([...watches, links, suspects, wallWatch, fire].flatMap(x => x.keys))
  commit(alarms.dropUnknown(wall(), key => known.has(key) || parts.knows(key)))
  decider.settle(wall())

  return {
    now,
    commit,
    devices,
    memory,
    image,
    arrays,
    alarms,
    links,
    parts,
    suspects,
    wallWatch,
    fire,
    writer,
    programme,
    heartbeats,
    decider,
    desk,
    runs,
    disk,
    siteFile,
    watches,
  }
}
export type Core = Awaited<ReturnType<typeof openCore>>

/** Where an alarm of a device is: the compartment of a panel's detector, otherwise the device's own place. */
const placeOf = (site: Site, device: Device, point: string): string | null => {
  const stem = point.replace(/_[a-z]+$/, '_')
  const compartment = site.compartments.find(c => c.panel === device.id && c.witnesses.some(w => w.startsWith(stem)))
  return compartment?.id ?? device.place ?? null
}
