import { decode } from '#contract/decode'
import { consoleAgent } from '#contract/kinds'
import { filterOf } from '#contract/topics'
import type { Log } from '#program/log'
import { openMqtt } from '#program/mqttConnection'
import { monotonicMs } from '#program/wallClock'

/** The broker sends what it keeps right after the subscription, but it may be busy. */
const keptWithinMs = 1500
/** Two heartbeats and more: who is still there has been heard by then, even if he was busy for a while. */
const heartbeatWithinMs = 12_000

/** Silence is counted in moments; after each of them the process has looked at its sockets. */
const momentMs = 100

type Options = { url: string; user: string; password: string; site: string; session: string; log: Log }

/**
 * Listens, under a name of its own and without a word, whether another console of this site is alive: two with one account
 * would throw each other off the broker for ever. `alone` and `other` are called once, and only one of them.
 */
export const listenForOther = (o: Options, alone: () => void, other: () => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined
  let over = false
  /** The mark of another may come in one piece with the answer to the subscription, and is then read before it. */
  let marked = false
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
  /**
   * Silence counts only while we can hear: a process stalled by its own start finds one overdue timer before what lies in
   * its sockets. So every moment of silence is a timer of its own, and a moment that came late begins the count again.
   */
  const aloneAfter = (ms: number) => {
    clearTimeout(timer)
    let left = Math.ceil(ms / momentMs)
    const moment = () => {
      const due = monotonicMs() + momentMs
      timer = setTimeout(() => {
        left = monotonicMs() - due > momentMs ? Math.ceil(ms / momentMs) : left - 1
        if (left > 0) moment()
        else settle(alone)
      }, momentMs)
    }
    moment()
  }
  const ear = openMqtt({
    ...o,
    clientId: `${o.user}-${o.session}`,
    filters: [filterOf('consoleStatus', o.site, consoleAgent)],
    onUp() {
      heard()
      if (!marked) aloneAfter(keptWithinMs)
    },
    onDown() {
      marked = false
      clearTimeout(timer)
    },
    onMessage(topic, payload, kept) {
      const m = decode(topic, payload)
      if (!m.ok || m.kind !== 'consoleStatus') return
      // Whoever was here last has said that he went, or the broker has said it for him.
      if (!m.body.online) settle(alone)
      else if (kept) {
        marked = true
        aloneAfter(heartbeatWithinMs)
      } else settle(other)
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
