import type { LinkReason } from '#contract/messages'
import type { Scalar } from '#contract/quality'
import type { Reading } from '../registers/decode.ts'

/** What is wrong, and the exception code where the device answers with one. */
export type Fault = { reason: LinkReason; code: number | null }

/** Points of a device that are read in one exchange: a link of its own (design §3). `id` is its first register. */
export type Part = { id: string; keys: readonly string[] }

/** What was read at once: the points, and the words as they came. Devices that speak by themselves have no parts. */
export type Exchange = { readings: ReadonlyMap<string, Reading>; part?: Part; words?: readonly number[] }

/** A bus as a whole: units not heard for three of their periods, of how many, and how late its fastest reads come. */
export type BusFigures = { silent: number; of: number; pace: number | null }

/** What a bus tells the agent. Everything the agent knows of the outside comes through these. */
export type FieldEvents = {
  onExchange(device: string, exchange: Exchange): void
  /** A part of a device that otherwise answers was lost, or is good again. */
  onPart(device: string, part: Part, fault: Fault | null): void
  /** A device's link changed; null means good. */
  onLink(device: string, fault: Fault | null): void
  /** The bus itself was lost or came back. */
  onBus(bus: string, fault: Fault | null): void
  onFigures(bus: string, figures: BusFigures): void
  /** Something a device did that is not a value: a card at a door. */
  onEvent(device: string, event: string, detail: string): void
  onError(device: string): void
}

/**
 * What became of a write. `taken`: the device itself answered. `handed`: it is on its way, and only what the device then shows
 * will tell. `no-answer`: it may or may not have been taken. `unfit`: the register cannot hold such a value.
 */
export type Written = 'taken' | 'handed' | 'refused' | 'no-answer' | 'unfit' | 'link-lost'

export type FieldBus = {
  write(device: string, point: string, value: Scalar): Promise<Written>
  close(): Promise<void>
}
