import type { LinkState } from '#contract/messages'
import type { Scalar } from '#contract/quality'
import type { Reading } from '../registers/decode.ts'

export type LinkReason = NonNullable<LinkState['reason']>

/** What a bus tells the agent. Everything the agent knows of the outside comes through these. */
export type FieldEvents = {
  /** Readings of one device, all of one exchange. */
  onReadings(device: string, readings: ReadonlyMap<string, Reading>): void
  /** Points of a device that otherwise answers can no longer be read. */
  onUnreadable(device: string, points: readonly string[]): void
  /** A device's link changed; reason null means good. */
  onLink(device: string, reason: LinkReason | null): void
  /** The bus itself was lost or came back. */
  onBus(bus: string, lost: boolean): void
  /** Something a device did that is not a value: a card at a door. */
  onEvent(device: string, event: string, detail: string): void
  onError(device: string): void
}

export type FieldBus = {
  /** Writes one point. Resolves true when the device (or the broker before it) has taken it. */
  write(device: string, point: string, value: Scalar): Promise<boolean>
  close(): Promise<void>
}
