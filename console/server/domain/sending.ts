/** What waits for a channel: whom it goes to, how severe it is, since when it waits. */
export type Waiting = { id: string; address: string; level: number; madeAt: number }
/** What goes out as one message. */
export type Batch<W extends Waiting> = { address: string; level: number; all: readonly W[] }

/** Kept free of what a channel takes in a minute, for danger to life. */
const keptForLife = 3
/** More than so many that wait for one address go as one message that sums them up. */
const mostSingly = 2

/** Growing pauses after failures: 5 s, 10 s, 20 s ... at most five minutes; within half an hour it has been tried 11 times. */
export const pauseMs = (tries: number): number => Math.min(300_000, 5000 * 2 ** Math.min(tries - 1, 10))
/** After so many failures in a row it is given up, and said aloud. */
export const mostTries = 12

/**
 * What goes out now over a channel that takes `perMinute` and has taken `sent` of it: danger to life first, each at once and for itself; of the
 * others what waits for one address is summed up, so that a flood does not use up what the next fire needs (WeCom and DingTalk: 20 a minute).
 */
export const batchesNow = <W extends Waiting>(waiting: readonly W[], sent: number, perMinute: number): Batch<W>[] => {
  const order = [...waiting].sort((a, b) => a.level - b.level || a.madeAt - b.madeAt || (a.id < b.id ? -1 : 1))
  const batches: Batch<W>[] = []
  const room = () => perMinute - sent - batches.length
  const life = order.filter(w => w.level === 1)
  while (life.length > 0 && room() > 0) {
    const first = life.shift() as W
    // The last that there is room for carries with it what else waits there: rather summed up than late.
    const all = room() > 1 ? [first] : [first, ...life.filter(w => w.address === first.address)]
    batches.push({ address: first.address, level: 1, all })
  }
  const kept = Math.min(keptForLife, perMinute - 1)
  const addresses = [...new Set(order.filter(w => w.level > 1).map(w => w.address))]
  for (const address of addresses) {
    const mine = order.filter(w => w.level > 1 && w.address === address)
    const parts = mine.length > mostSingly ? [mine] : mine.map(w => [w])
    for (const all of parts) if (room() > kept && all[0]) batches.push({ address, level: all[0].level, all })
  }
  return batches
}
