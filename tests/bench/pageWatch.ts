import type { Page } from 'playwright-core'
import { loadSince } from './load.ts'

/** What a page did, by the clock of this machine (ms since 1970): when it could draw, and what held it up for more than 50 ms. */
export type Watched = { frames: number[]; long: { at: number; ms: number }[] }

/** Notes frames and long tasks of a page from now on. Each `take` gives those since the last one, and the page keeps none of them. */
export const watchPage = async (page: Page): Promise<() => Promise<Watched>> => {
  await page.evaluate(`{
    let seen = { frames: [], long: [] }
    globalThis.takeSeen = () => {
      const taken = seen
      seen = { frames: [], long: [] }
      return taken
    }
    const frame = () => {
      seen.frames.push(performance.timeOrigin + performance.now())
      requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
    new PerformanceObserver(list => {
      for (const e of list.getEntries()) seen.long.push({ at: performance.timeOrigin + e.startTime, ms: e.duration })
    }).observe({ type: 'longtask' })
  }`)
  return () => page.evaluate('takeSeen()')
}

/** `quiet`: this machine was left to us. */
export type Second = { from: number; to: number; quiet: boolean }
/** Notes second by second what else this machine did; others may take `loadedShare` of one core without being called a load. */
export const watchSeconds = (loadedShare: number): { seconds: readonly Second[]; end(): void } => {
  const seconds: Second[] = []
  let from = Date.now()
  let load = loadSince()
  const timer = setInterval(() => {
    const { stolenMs, othersMs } = load()
    const to = Date.now()
    seconds.push({ from, to, quiet: stolenMs === 0 && othersMs <= (to - from) * loadedShare })
    load = loadSince()
    from = to
  }, 1000)
  return { seconds, end: () => clearInterval(timer) }
}

/** How many frames a second there were in each of these. */
export const framesIn = ({ frames }: Watched, seconds: readonly Second[]): number[] =>
  seconds.map(s => (frames.filter(at => at >= s.from && at < s.to).length * 1000) / (s.to - s.from))

/** From one frame to the next within these seconds, ms. */
export const frameTimesIn = ({ frames }: Watched, seconds: readonly Second[]): number[] =>
  frames.flatMap((at, i) => {
    const before = frames[i - 1]
    return before !== undefined && seconds.some(s => at >= s.from && at < s.to) ? [at - before] : []
  })

export type Memory = { heapMB: number; nodes: number }
/** What a page keeps once all that nobody needs has been thrown away. */
export const memoryOf = async (page: Page): Promise<Memory> => {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Performance.enable')
  // What one collection has let go of may have held something else.
  for (let i = 0; i < 3; i++) await cdp.send('HeapProfiler.collectGarbage')
  const { metrics } = await cdp.send('Performance.getMetrics')
  await cdp.detach()
  const of = (name: string) => metrics.find(m => m.name === name)?.value ?? Number.NaN
  return { heapMB: of('JSHeapUsedSize') / 1_000_000, nodes: of('Nodes') }
}
