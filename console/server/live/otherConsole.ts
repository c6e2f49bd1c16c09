import { decode } from '#contract/decode'
import { consoleAgent } from '#contract/kinds'
import { filterOf } from '#contract/topics'
import type { Log } from '#program/log'
import { openMqtt } from '#program/mqttConnection'
import { monotonicMs } from '#program/wallClock'

/** The broker sends what it keeps right after the subscription, but it may be busy. */
const keptWithinMs = 1500
/** Longer than a heartbeat is apart from the next: who is still there has been heard by then. */
const heartbeatWithinMs = 7000

/** A timer that comes so late tells that nothing was heard meanwhile. */
const stalledMs = 100

type Options = { url: string; user: string; password: string; site: string; session: string; log: Log }

/**
 * Listens, under a name of its own and without a word, whether another console of this site is alive: two with one account
 * would throw each other off the broker for ever. `alone` and `other` are called once, and only one of them.
 */
export const listenForOther = (o: Options, alone: () => void, other: () => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined
  let over = false
  let heard = () => {}
  const reached = new Promise<void>(done => {
    heard = done
  })
  const settle = (tell: () => void) => {
    if (over) return
    over = true
    clearTimeout(timer)
    void ear.close()
    tell()
  }
  const aloneAfter = (ms: number) => {
    clearTimeout(timer)
    const due = monotonicMs() + ms
    // A process that was stalled, as at its start, finds its timers before its sockets: it listens once more.
    timer = setTimeout(() => (monotonicMs() - due > stalledMs ? aloneAfter(ms) : settle(alone)), ms)
  }
  const ear = openMqtt({
    ...o,
    clientId: `${o.user}-${o.session}`,
    filters: [filterOf('consoleStatus', o.site, consoleAgent)],
    onUp() {
      heard()
      aloneAfter(keptWithinMs)
    },
    onDown: () => clearTimeout(timer),
    onMessage(topic, payload, kept) {
      const m = decode(topic, payload)
      if (!m.ok || m.kind !== 'consoleStatus') return
      // Whoever was here last has said that he went, or the broker has said it for him.
      if (!m.body.online) settle(alone)
      else if (kept) aloneAfter(heartbeatWithinMs)
      else settle(other)
    },
  })
  return {
    /** Whether the broker has let us in within this time. */
    reached: (ms: number) => Promise.race([reached.then(() => true), new Promise<false>(done => setTimeout(done, ms, false))]),
    close() {
      over = true
      clearTimeout(timer)
      return ear.close()
    },
  }
}
