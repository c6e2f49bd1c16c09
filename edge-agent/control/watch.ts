import type { PointRef } from '#contract/names'
import type { Catalogue } from '#contract/profile'
import type { Device } from '#contract/site'
import type { Node } from '../domain/demand.ts'
import type { ProcessImage } from '../domain/image.ts'
import type { Moment } from '../domain/wallSteps.ts'
import type { Exchange } from '../field/fieldBus.ts'
import type { Effect } from '../memory/edgeMemory.ts'
import type { DirectAlarm } from './alarmKeeper.ts'
import type { PriorityArrays } from './priorityArrays.ts'

/** Something read from a device that is in the image by now; `news`: the points whose value or quality has changed. */
export type Heard = { id: string; exchange: Exchange; news: readonly string[]; at: Moment }

/**
 * Watches beside the device's own alarm rules and raises alarms of its own. A new one is a file here and a line in `watches.ts`.
 * Each method returns what must reach the disk, nothing while nothing has changed.
 */
export type Watch = {
  /** The alarms that are its: what stands from a former start and is nobody's is ended. */
  readonly keys: readonly string[]
  onExchange?(heard: Heard): Effect[]
  /** The console's wall clock, from its heartbeat. */
  onConsole?(told: number, wall: number): void
  /** Ten times a second. */
  step?(at: Moment): Effect[]
  /** Every five seconds. */
  slow?(at: Moment): Effect[] | Promise<Effect[]>
}

/** What a watch is made from. */
export type WatchTools = {
  catalogue: Catalogue
  devices: readonly Device[]
  /** What runs, from zones to plant. */
  nodes: readonly Node[]
  image: ProcessImage
  arrays: PriorityArrays
  /** Points that the programme wants on and something stronger holds off. */
  wantedButHeld(): PointRef[]
  /** What was on the disk for it, by key. */
  kept: ReadonlyMap<string, unknown>
  wall: number
  stands(key: string): boolean
  setAlarm(alarm: DirectAlarm, active: boolean): Effect[]
}
