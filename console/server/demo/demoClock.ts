import type { PaceView } from '#api/events'
import { isSimulated } from '#contract/pace'
import type { Log } from '#program/log'
import type { WallClock } from '#program/wallClock'

/** The pace as screens show it. */
export const paceView = ({ pace, change }: WallClock): PaceView => ({
  rate: pace.rate,
  simulated: isSimulated(pace),
  slowed: pace.why === 'emergency',
  changeable: change !== undefined,
})

/**
 * Brings a demo's clock back to real time: the steps of an emergency, its actions and whoever acts have the seconds that they
 * have. Returns the wall time from which that holds; where the pace is fixed or real already, the time that it is given.
 */
export const openRealTime = (clock: WallClock, log: Log) => (at: number) => {
  if (!clock.change || clock.pace.rate === 1) return at
  try {
    clock.change(1, 'emergency')
    return Math.max(at, clock.now())
  } catch (error) {
    // An emergency is not lost for the sake of a demo's clock.
    log.error({ err: error }, 'the clock could not be brought back to real time')
    return at
  }
}
