import type { Heard } from './control/watch.ts'
import type { Core } from './core.ts'
import type { FieldEvents } from './field/fieldBus.ts'
import type { Publisher } from './uplink/publisher.ts'

/** A device that has nothing new is told as heard at most so often. */
const freshMs = 2000

/** One thing that happens after each exchange. It says which parts of the core it needs, and nothing else. */
type Step<Needs extends keyof Core> = (core: Pick<Core, Needs>, heard: Heard) => void

/** What stood because of values that have changed their quality is looked at again. */
export const verify: Step<'alarms' | 'commit'> = (c, { id, news, at }) => {
  if (news.length > 0) c.commit(c.alarms.verify(id, at.wall))
}
const partsOfDevice: Step<'parts' | 'commit'> = (c, { id, exchange, at }) => c.commit(c.parts.onExchange(id, exchange, at.mono))
const deviceAlarms: Step<'alarms' | 'commit'> = (c, { id, exchange, at }) =>
  c.commit(c.alarms.evaluate(id, exchange.readings.keys(), at.mono, at.wall))
const watches: Step<'watches' | 'commit'> = (c, heard) => {
  for (const watch of c.watches) c.commit(watch.onExchange?.(heard) ?? [])
}
export const fire: Step<'fire'> = (c, { id }) => c.fire.onPanelRead(id)
export const decide: Step<'decider'> = (c, { at }) => c.decider.afterExchange(at.wall)
/** What must start at a fire goes out before anything else that waits. */
export const urge: Step<'fire' | 'writer'> = c => {
  for (const ref of c.fire.startSignals()) c.writer.urge(ref)
}
export const write: Step<'writer'> = (c, { id }) => c.writer.step(id)
export const linkages: Step<'fire'> = c => c.fire.step()
const runs: Step<'runs' | 'wallWatch' | 'commit'> = (c, { id, at }) =>
  c.commit(c.runs.step(at.wall, c.wallWatch.lived(at.mono), id))

/** The order of safety: alarms first, fire before whatever else is decided, writes before what is only counted. */
export const afterExchange = [partsOfDevice, deviceAlarms, verify, watches, fire, decide, urge, write, linkages, runs]

/** What comes from the field: into the image, through the order of safety, then told. */
export const intakeOf = (core: Core, publisher: Publisher) => {
  const { now, commit, image, alarms, links, parts, suspects, writer } = core
  let stopping = false

  /** Values that went out of sight, or came back: what is decided by them, and what stands because of them. */
  const outOfSight = (id: string, keys: readonly string[]) => {
    const at = now()
    alarms.suspend(id, keys)
    commit(alarms.verify(id, at.wall))
    commit(core.runs.step(at.wall, core.wallWatch.lived(at.mono), id))
  }
  const events: FieldEvents = {
    onExchange(id, exchange) {
      const at = now()
      const { suspect, effects } = suspects.judge(id, exchange, at.mono)
      commit(effects)
      const doubted = image.setSuspect(id, suspect)
      const news = [...doubted, ...image.apply(id, exchange.readings, at.wall, at.mono)]
      for (const step of afterExchange) step(core, { id, exchange, news, at })
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
      const stale = image.setLink(id, fault, now().wall)
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
      const changed = links.onBus(id, fault, now().wall)
      if (!changed) return
      commit(changed)
      publisher.hurry()
    },
    onFigures: (id, figures) => commit(links.onFigures(id, figures, now().mono)),
    onEvent: (device, event, detail) => commit([{ record: { type: 'access', at: now().wall, device, event, detail } }]),
    onError(id) {
      const device = image.devices.get(id)
      if (device) device.link = { ...device.link, errors: device.link.errors + 1 }
    },
  }
  return {
    events,
    /** From here on a bus that falls silent is one that we have left. */
    stop() {
      stopping = true
    },
  }
}
