import { expect, it } from 'vitest'
import { StandingTurn } from '../../edge-agent/uplink/standingTurn.ts'

/** When it is told, ms, of news that come all the while. */
const toldAt = (turn: StandingTurn, hurries: (now: number) => boolean, forMs: number, pages = 1) => {
  const told: number[] = []
  for (let now = 0; now <= forMs; now += 50) {
    if (!turn.isDue(now, hurries(now))) continue
    turn.told(now, pages)
    told.push(now)
  }
  return told
}

it('the list of what stands follows the journal by a second, however many alarms come', () => {
  expect(toldAt(new StandingTurn(), () => false, 4000)).toEqual([1000, 2050, 3100])
})
it('what no record tells goes at once, then every quarter of a second; a list of many pages every second', () => {
  expect(toldAt(new StandingTurn(), () => true, 1000)).toEqual([0, 250, 500, 750, 1000])
  expect(toldAt(new StandingTurn(), () => true, 2000, 3)).toEqual([0, 1000, 2000])
  // It hurries all of a sudden.
  expect(toldAt(new StandingTurn(), now => now >= 300, 600)).toEqual([300, 550])
})
it('after a connect what hurries waits for nothing', () => {
  const turn = new StandingTurn()
  turn.told(0, 1)
  expect(turn.isDue(10, true)).toBe(false)
  turn.anew()
  expect(turn.isDue(20, true)).toBe(true)
})
