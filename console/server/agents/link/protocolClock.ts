import { monotonicMs } from '#program/wallClock'

/** A clock that begins at what it is told and then only goes on, whatever is done to the wall clock meanwhile. */
export const steadyClock = (startedAt: number, mono: () => number) => {
  const begun = mono()
  return () => Math.round(startedAt + mono() - begun)
}

/** The console's clock on the wire: agents judge by it whether a command is still fresh, so it never steps back (design §3). */
export const protocolClock = steadyClock(Date.now(), monotonicMs)
