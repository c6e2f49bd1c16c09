import type { Profile } from '#contract/profile'
import type { Scalar } from '#contract/quality'

type Heart = { device: string; point: string; everyMs: number; count: number; dueAt: number }

type Options = {
  devices: readonly { id: string; profile: Profile }[]
  linkOk(device: string): boolean
  send(device: string, point: string, value: Scalar): Promise<unknown>
}

/**
 * Devices that fall back to running by themselves when their supervisor falls silent are told in their own period that
 * it lives: a counter, 1 to 65535. It is written from the loop that decides, so a loop that hangs is noticed by them.
 */
export class Heartbeats {
  readonly #o: Options
  readonly #hearts: Heart[]

  constructor(o: Options) {
    this.#o = o
    this.#hearts = o.devices.flatMap(({ id, profile: { heartbeat } }) =>
      heartbeat ? [{ device: id, ...heartbeat, count: 0, dueAt: -Infinity }] : [],
    )
  }

  step(mono: number) {
    for (const h of this.#hearts) {
      if (mono < h.dueAt || !this.#o.linkOk(h.device)) continue
      h.dueAt = mono + h.everyMs
      h.count = (h.count % 65_535) + 1
      void this.#o.send(h.device, h.point, h.count)
    }
  }
}
