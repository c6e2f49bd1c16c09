import type { Profile } from '#contract/profile'
import type { Device, Site } from '#contract/site'
import type { Log } from '#program/log'
import type { FieldBus, FieldEvents } from './fieldBus.ts'

export type SiteBus = Site['buses'][number]

/** What a bus of any protocol is opened with. */
export type BusTools = {
  devices: readonly { device: Device; profile: Profile }[]
  /** Where its beats lie against those of the agent's other buses, 0 to 1. */
  offset: number
  events: FieldEvents
  log: Log
  /** Reads `env:NAME[:default]` and plain text of the site file; undefined where the variable is not set. */
  setting(text: string): string | undefined
}

/** A protocol: a folder beside this file, and a line in `protocols.ts`. */
export type OpenBus<Name extends SiteBus['protocol']> = (bus: Extract<SiteBus, { protocol: Name }>, tools: BusTools) => FieldBus
