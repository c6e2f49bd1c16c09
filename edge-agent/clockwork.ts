import type { Log } from '#program/log'
import type { Core } from './core.ts'
import type { Moment } from './domain/wallSteps.ts'
import type { Publisher } from './uplink/publisher.ts'

const tickMs = 100
const slowMs = 5000

/** What happens because time passes, in its order. Returns how to stop it. */
export const startClockwork = (core: Core, publisher: Publisher, log: Log) => {
  const { commit, memory, wallWatch, runs, image, alarms, decider, writer, heartbeats, fire, watches, desk } = core

  const wallClock = (at: Moment) => {
    const { jumpedFrom, effects } = wallWatch.look(at)
    if (jumpedFrom) commit(runs.cut({ wall: jumpedFrom.wall, livedMs: wallWatch.lived(jumpedFrom.mono) }, at.wall))
    commit(effects)
  }
  const ages = (at: Moment) => {
    for (const [id, keys] of image.age(at.mono)) {
      commit(alarms.verify(id, at.wall))
      publisher.device(id, keys)
    }
  }
  let slowDue = 0
  const slowly = (at: Moment) => {
    if (at.mono < slowDue) return
    slowDue = at.mono + slowMs
    for (const watch of watches) {
      const found = watch.slow?.(at) ?? []
      if (found instanceof Promise) void found.then(commit)
      else commit(found)
    }
    void memory.saveAlive(at.wall, wallWatch.lived(at.mono)).catch(error => log.error({ err: error }, 'the disk takes nothing'))
  }
  const everyTick: readonly ((at: Moment) => void)[] = [
    wallClock,
    ages,
    at => decider.settle(at.wall),
    at => commit(alarms.elapse(at.mono, at.wall)),
    () => writer.step(),
    at => heartbeats.step(at.mono),
    () => fire.step(),
    at => commit(runs.step(at.wall, wallWatch.lived(at.mono))),
    at => {
      for (const watch of watches) commit(watch.step?.(at) ?? [])
    },
    at => desk.prune(at.mono),
    at => publisher.step(at.mono),
    slowly,
  ]
  const timer = setInterval(() => {
    const at = core.now()
    for (const step of everyTick) step(at)
  }, tickMs)
  return () => clearInterval(timer)
}
