import type { Page } from 'playwright-core'
import { type Alarm, alarmPage } from '#api/models/live'
import type { SiteView } from '#api/models/site'
import { zh } from '#api/words/zh'
import { openBrowser, signedIn } from '../harness/browser.ts'
import { fieldVoice } from '../harness/fieldVoice.ts'
import { signIn } from '../harness/person.ts'
import { startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'
import { loadSince } from './load.ts'
import { framesIn, frameTimesIn, memoryOf, type Second, type Watched, watchPage, watchSeconds } from './pageWatch.ts'
import { percentile } from './percentile.ts'

/**
 * `npm run bench:flood [SAMPLES]`: the page of alarms with 2,000 standing and 10 new ones a second, by their roots and one by one.
 * How long until a level 1 is on the screen, from before it is sent by the agent, and until a key has answered, from before it is
 * pressed; both to the frame after the change, with the way between this process and the browser. Meanwhile the page's long tasks
 * and its frames, beside those of an empty page of the same browser; and what it keeps before, at the peak and when all is over.
 */
const samples = Number(process.argv[2] ?? 100)
const standing = 2000
const newEveryMs = 100
const limits = { fireMs: 1000, keyMs: 200, longTaskMs: 100, fps: 30, rowsDrawn: 40, memoryShare: 1.25 }
/** Other programs may take so much of one core during a sample without being called a load. */
const loadedShare = 0.1
/** Where there are fewer without other load, all are judged. */
const least = { samples: 100, seconds: 30 }
const bareMs = 10_000
/** Until what came at once has been drawn, and is noted. */
const settleMs = 3000
const giveUpMs = 30_000
const groups = 20
const ackAtOnce = 500

type View = 'by root' | 'one by one'
type Sample = { ms: number; stolen: boolean; loaded: boolean }

const stack = await startStack({
  at: '2026-11-24T15:00:00+08:00',
  only: ['broker', 'console'],
  env: { ZHIBAN_LOG: 'warn' },
})
const browser = await openBrowser()
const field = await fieldVoice(stack)
const { seconds, end: endSeconds } = watchSeconds(loadedShare)
const pause = (ms: number) => new Promise(done => setTimeout(done, ms))
const moment = () => pause(20 + Math.random() * 130)
/** The same size for both, so that an empty page is one of these without its content. */
const size = { width: 1366, height: 768 }

/** A promise of the page: that a condition, an expression of it, is so, as far as each frame shows. */
const shown = (condition: string) => `new Promise((done, fail) => {
  const end = performance.now() + ${giveUpMs}
  const look = () => {
    if (${condition}) done()
    else if (performance.now() > end) fail(new Error(${JSON.stringify(`never so: ${condition}`)}))
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
})`
/** Begins to look for something. It must not be so already: that would be no sample. */
const lookFor = (page: Page, condition: string): Promise<unknown> =>
  page.evaluate(`{
    if (${condition}) throw new Error(${JSON.stringify(`so before anything was done: ${condition}`)})
    globalThis.found = ${shown(condition)}
    undefined
  }`)

const timed = async (page: Page, condition: string, act: () => Promise<unknown>): Promise<Sample> => {
  await lookFor(page, condition)
  const load = loadSince()
  const began = performance.now()
  const acted = act()
  await page.evaluate('found')
  const ms = performance.now() - began
  await acted
  const { stolenMs, othersMs } = load()
  return { ms, stolen: stolenMs > 0, loaded: othersMs > ms * loadedShare }
}

const say = (what: string, figures: string) => process.stdout.write(`${what.padEnd(84)} ${figures}\n`)
const spread = (list: readonly number[], parts: readonly number[] = [50, 99]) =>
  parts.map(p => `p${p} ${percentile(list, p).toFixed(0).padStart(5)}`).join('  ')
const msOf = (list: readonly Sample[]) => list.map(s => s.ms)
const all: Sample[] = []
/**
 * Prints the figures of several kinds together; true when they are within the limit. What takes longer meets other load more often:
 * left out are samples with other load only where most of each kind remain, so that no kind is left out for being slow.
 */
const judged = (what: string, kinds: readonly (readonly Sample[])[], limit: number): boolean => {
  const list = kinds.flat()
  all.push(...list)
  const isQuiet = (s: Sample) => !s.stolen && !s.loaded
  const quiet = list.filter(isQuiet)
  const fair = quiet.length >= least.samples && kinds.every(k => k.filter(isQuiet).length > k.length / 2)
  const verdict = fair ? quiet : list
  const p99 = percentile(msOf(verdict), 99)
  const counted = verdict === quiet ? `${quiet.length} without other load` : 'all: too few without other load'
  say(`${what}, all ${list.length}, ms`, spread(msOf(list)))
  say(`    the verdict (${counted}), limit ${limit} ms`, `${spread(msOf(verdict))}  ${(p99 / limit).toFixed(2)} of its limit`)
  return p99 < limit
}

/** The whole seconds of a time. */
const secondsOf = ({ frames }: Watched): Second[] =>
  seconds.filter(s => s.from >= (frames[0] ?? Number.POSITIVE_INFINITY) && s.to <= (frames.at(-1) ?? 0))
/** So many frames or more in 95 % of the seconds. */
const slowest = (w: Watched, list: readonly Second[]) => percentile(framesIn(w, list), 5)
const framesText = (w: Watched, list: readonly Second[]) => {
  const times = frameTimesIn(w, list)
  const perSecond = `${percentile(framesIn(w, list), 50).toFixed(0)} at p50, ${slowest(w, list).toFixed(0)} at p95`
  return `${perSecond}; from one to the next, ms: ${spread(times, [50, 95, 99])}, longest ${Math.max(...times).toFixed(0)}`
}
const longest = (w: Watched) => Math.max(0, ...w.long.map(t => t.ms))
const longText = (w: Watched) => `${w.long.length}, longest ${longest(w).toFixed(0)} ms`
const onlyIn = (w: Watched, list: readonly Second[]): Watched => ({
  ...w,
  long: w.long.filter(t => list.some(s => t.at >= s.from && t.at < s.to)),
})

let more: ReturnType<typeof setInterval> | undefined
try {
  const api = await signIn(stack.url, 'operator')
  const site = (await api.get<SiteView>('/site')).body
  /** Each becomes the root of a group: it feeds nothing and, of these, nothing feeds it. */
  const roots = site.devices.flatMap(d => (d.feeds.length === 0 ? [d.id] : [])).slice(0, groups)
  await field.online()
  const page = await signedIn(browser, stack.url, 'operator', size)
  await page.goto(`${stack.url}/alarms`)
  // Its first load is over: what other pages need is fetched too.
  await page.locator('[data-all-held=true]').waitFor()
  const watched = await watchPage(page)
  const bare = await (await browser.newContext({ viewport: size })).newPage()
  const bareWatched = await watchPage(bare)
  const watchBare = async () => {
    await bareWatched()
    await pause(bareMs)
    return bareWatched()
  }

  /** Holds nothing of the page, as what a selector finds is held. */
  const appears = (selector: string, state: 'visible' | 'detached' = 'visible') =>
    page.locator(selector).first().waitFor({ state })
  const rows = async () => Number(await page.getAttribute('main table', 'aria-rowcount')) - 1
  /** All that stand, as the page counts them. */
  const count = async () => Number(/\d+/.exec((await page.textContent('[data-tab=standing]')) ?? '')?.[0])
  const openAlarms = async (): Promise<Alarm[]> => {
    const list: Alarm[] = []
    for (let after = ''; ; ) {
      const { body } = await api.get<Alarm[]>(`/alarms${after}`)
      list.push(...body)
      const last = body.at(-1)
      if (!last || body.length < alarmPage) return list
      after = `?after=${last.level},${last.raisedAt},${last.id}`
    }
  }
  /** What the console itself has to say stays. */
  const others = (await openAlarms()).length
  const chosenOne = `document.querySelector('tr[aria-selected=true], li.chosen')?.dataset.alarm`
  const chosen = () => page.evaluate<string>(chosenOne)
  const toTop = () => page.evaluate(`document.querySelector('.list').scrollTop = 0`)

  /** What was being done from a moment on, for whoever asks what held the page up. */
  const doing: { at: number; what: string }[] = []
  const keys = new Map<string, Sample[]>()
  const taken: number[] = []
  const fires: Sample[] = []
  const drawn = { rows: 0, levelOne: 0 }
  const press = async (view: View, key: string, condition: string) => {
    await moment()
    const what = `${key}, ${view}`
    doing.push({ at: Date.now(), what })
    const began = performance.now()
    keys.set(what, [...(keys.get(what) ?? []), await timed(page, condition, () => page.keyboard.press(key))])
    return began
  }
  const fire = async (name: string, condition = 'true') => {
    await moment()
    doing.push({ at: Date.now(), what: 'level 1' })
    const isInBar = `document.querySelector('.lead.fire b')?.textContent === '报警 ${name}'`
    const alarm = { key: name, level: 1, kind: 'fire', place: `f${3 + (fires.length % 17)}-w` } as const
    fires.push(await timed(page, `${isInBar} && ${condition}`, () => field.raise(alarm, stack.now())))
  }
  const look = async () => {
    drawn.rows = Math.max(drawn.rows, await page.locator('tr[data-alarm]').count())
    drawn.levelOne = Math.max(drawn.levelOne, await page.locator('.pinned li').count())
  }

  /** Each key that does something about the chosen alarm. At its end the next one that nobody has acknowledged is chosen. */
  const round = async (view: View) => {
    const isElsewhere = async () => `${chosenOne} !== ${JSON.stringify(await chosen())}`
    const mine = `tr[data-alarm=${JSON.stringify(await chosen())}]`
    await press(view, 'k', await isElsewhere())
    await press(view, 'j', await isElsewhere())
    // Between it and the one above there may be some that are acknowledged.
    await page.click(mine)
    const label = `[...document.querySelectorAll('[data-case] dt')].find(d => d.textContent === '${zh.alarms.owner}')`
    await press(view, 'o', `!['—', undefined].includes(${label}?.nextElementSibling.textContent)`)
    await press(view, 'n', `document.activeElement.matches('[data-case] input')`)
    await page.evaluate('document.activeElement.blur()')
    await press(view, 's', `document.querySelector('[data-set-aside]')`)
    await page.locator('[data-set-aside] button').last().click()
    await appears('[data-set-aside]', 'detached')
    const row = `document.querySelector('${mine}')`
    // The next one that waits may be so far that this one is not drawn any more.
    const isTaken = `(${row}?.matches('.acked') ?? true)`
    const began = await press(view, 'a', `${isTaken} || ${row}.textContent.includes('${zh.alarms.sent}')`)
    await page.evaluate(shown(isTaken))
    if (await page.locator(mine).count()) taken.push(performance.now() - began)
    await look()
  }

  /**
   * From a page that shows none to one that shows none. Each key `n` times in each of the two views, half of 2 `n` of level 1 in each;
   * the whole groups are acknowledged as well.
   */
  const flood = async (name: string, size: number, n: number) => {
    const took = performance.now()
    const at = stack.now()
    await watched()
    // Half of them by their devices, half that nothing explains.
    const facts = Array.from({ length: size }, (_, i) => ({
      ...field.factOf({ key: `${name}-${i}`, level: i % 10 === 0 ? 3 : 4, kind: 'fault', place: 'f12-w' }, at + i),
      device: (i % 2 === 0 && roots[(i / 2) % groups]) || null,
    }))
    await field.standing(facts)
    await until('all that stand', async () => (await count()) === others + size)
    const byRoot = page.locator('[data-by-root=false]')
    await appears('[data-by-root]')
    if ((await byRoot.count()) > 0) await byRoot.click()
    await appears('[data-by-root=true]')
    await pause(settleMs)
    const atOnce = await watched()

    let fresh = 0
    const since = performance.now()
    more = setInterval(() => {
      // As many as are due, also where this process was late.
      for (; fresh * newEveryMs < performance.now() - since; fresh++) {
        const level = fresh % 5 === 0 ? 3 : 4
        field.raise({ key: `${name}-new-${fresh}`, level, kind: 'fault', place: 'f3-w' }, stack.now()).catch(() => {})
      }
    }, newEveryMs)
    await fire(`${name}-fire-0`, `document.querySelector('.pinned [data-alarm=${name}-fire-0]')`)
    await page.keyboard.press('1')
    for (let i = 0; i < n; i++) {
      await press('by root', 'Escape', `${chosenOne} === undefined`)
      await press('by root', '1', `${chosenOne} === '${name}-fire-0'`)
    }
    await page.locator('tr[data-alarm]').first().click()
    await appears('tr[aria-selected=true]')
    for (let i = 0; i < n; i++) await round('by root')
    await page.keyboard.press('Escape')
    for (const root of roots) {
      await toTop()
      const fold = page.locator(`tr[data-group="device/${root}"] .fold`)
      await fold.click()
      await appears(`tr[data-group="device/${root}"] [aria-expanded=true]`)
      await look()
      await press('by root', 'Shift+A', `document.querySelector('[data-seen]')?.dataset.seen === '0'`)
      await fold.click()
      await appears(`tr[data-group="device/${root}"] [aria-expanded=false]`)
    }
    doing.push({ at: Date.now(), what: 'from by root to one by one' })
    await page.click('[data-by-root=true]')
    await appears('[data-by-root=false]')
    // In the order of now, not in that of when it was seen last.
    await appears('[data-waiting]')
    await page.keyboard.press('r')
    await toTop()
    for (let i = 0; i < n; i++) {
      await page.locator('tr[data-alarm]:not(.acked)').nth(4).click()
      await appears('tr[aria-selected=true]')
      await round('one by one')
      // Those that have come meanwhile; the list goes to its top.
      await appears('[data-waiting]')
      await press('one by one', 'r', `Number(document.querySelector('main table').ariaRowCount) > ${(await rows()) + 1}`)
    }
    for (let i = 1; i <= n; i++) await fire(`${name}-fire-${i}`)
    await page.click('[data-by-root=false]')
    await appears('[data-by-root=true]')
    for (let i = n + 1; i < 2 * n; i++)
      await fire(`${name}-fire-${i}`, `document.querySelector('.pinned [data-alarm=${name}-fire-${i}]')`)
    await look()
    const bareMeanwhile = await watchBare()

    const meanwhile = await watched()
    clearInterval(more)
    const rate = (fresh * 1000) / (performance.now() - since)
    await until('all that came', async () => (await count()) === others + size + fresh + 2 * n)
    const peak = await memoryOf(page)

    await watched()
    await field.standing([])
    await until('all to return', async () => (await openAlarms()).filter(a => a.returnedAt === null).length === others)
    const left = (await openAlarms()).filter(a => a.ackedAt === null && a.returnedAt !== null)
    const together = left.flatMap(a => (a.level > 1 ? [a.id] : []))
    for (let i = 0; i < together.length; i += ackAtOnce) await api.post('/alarms/ack', { ids: together.slice(i, i + ackAtOnce) })
    for (const a of left) if (a.level === 1) await api.post(`/alarms/${a.id}/ack`, {})
    const call = page.locator('[data-call-seen]')
    // What is over stands for ten seconds more; what it called to is called to again until somebody has seen it.
    const allOver = async () => {
      if ((await call.count()) > 0) return void (await call.first().click())
      return (await count()) === others && (await page.locator('tr[data-alarm]').count()) <= others
    }
    await until('an empty list and no call', allOver, 120_000)
    await pause(settleMs)
    const atEnd = await watched()
    const after = await memoryOf(page)
    return { fresh, rate, atOnce, meanwhile, bareMeanwhile, atEnd, peak, after, tookS: (performance.now() - took) / 1000 }
  }

  const bareAtRest = await watchBare()
  // A screen that has been looked at for an hour has compiled this long ago; and what it keeps is compared with one that has seen a flood.
  await flood('rehearsal', 400, 5)
  for (const list of [fires, taken, doing]) list.length = 0
  keys.clear()
  const before = await memoryOf(page)
  const f = await flood('flood', standing, Math.ceil(samples / 2))

  const good = [judged('level 1 -> in the bar, and on top of the roots', [fires], limits.fireMs)]
  for (const [what, list] of keys) say(`    ${what}, ${list.length}, ms`, spread(msOf(list)))
  good.push(judged('a key -> its answer, of all of these', [...keys.values()], limits.keyMs))
  say(`    beside that: A -> the console has it, ${taken.length}, ms`, spread(taken))

  const inFlood = secondsOf(f.meanwhile)
  const quiet = inFlood.filter(s => s.quiet)
  const verdict = quiet.length >= least.seconds ? quiet : inFlood
  const counted = verdict === quiet ? `${quiet.length} s without other load` : 'all: too few s without other load'
  const worst = f.meanwhile.long.toSorted((a, b) => b.ms - a.ms)[0]
  const when = worst && doing.findLast(d => d.at <= worst.at)?.what
  say(
    `long tasks (> 50 ms) while they come, without the first load, all ${inFlood.length} s`,
    `${longText(f.meanwhile)}${when ? ` (${when})` : ''}`,
  )
  say(`    the verdict (${counted}), limit ${limits.longTaskMs} ms`, longText(onlyIn(f.meanwhile, verdict)))
  say(`    beside that: while ${standing} come at once`, longText(f.atOnce))
  say('    beside that: while all return and are acknowledged', longText(f.atEnd))
  good.push(longest(onlyIn(f.meanwhile, verdict)) <= limits.longTaskMs)

  say(
    `frames a second (p95: 95 % of the seconds have so many or more), all ${inFlood.length} s`,
    framesText(f.meanwhile, inFlood),
  )
  say(`    the verdict (${counted}), limit ${limits.fps} at p95`, framesText(f.meanwhile, verdict))
  say('    beside that: while all return and are acknowledged', framesText(f.atEnd, secondsOf(f.atEnd)))
  say('    an empty page of this browser at the same time', framesText(f.bareMeanwhile, secondsOf(f.bareMeanwhile)))
  say('    an empty page of this browser before anything came', framesText(bareAtRest, secondsOf(bareAtRest)))
  good.push(slowest(f.meanwhile, verdict) >= limits.fps)

  const { peak, after } = f
  const share = { heap: after.heapMB / before.heapMB, nodes: after.nodes / before.nodes }
  const three = (of: (m: typeof before) => string) => `${of(before)} before, ${of(peak)} at the peak, ${of(after)} after`
  say('JS heap of the page after a collection, MB', `${three(m => m.heapMB.toFixed(2))}: ${share.heap.toFixed(2)} of before`)
  say('nodes of the page', `${three(m => String(m.nodes))}: ${share.nodes.toFixed(2)} of before`)
  say('    the verdict, limit of either', `${limits.memoryShare.toFixed(2)} of before`)
  good.push(Math.max(share.heap, share.nodes) <= limits.memoryShare)

  say(
    `rows drawn of ${standing + f.fresh}, at most; limit ${limits.rowsDrawn}`,
    `${drawn.rows}; of level 1 on top ${drawn.levelOne}`,
  )
  good.push(Math.max(drawn.rows, drawn.levelOne) <= limits.rowsDrawn)
  const loaded = (what: (s: Sample) => boolean) => `${all.filter(what).length} of ${all.length}`
  process.stdout.write(
    `other load: CPU time stolen from this machine in ${loaded(s => s.stolen)}, other programs busy in ${loaded(s => s.loaded)}\n`,
  )
  process.stdout.write(
    `alarms at the peak: ${standing} standing, ${f.fresh} new (${f.rate.toFixed(1)} a second), ${fires.length} of level 1; all in ${f.tookS.toFixed(0)} s\n`,
  )
  if (!good.every(Boolean)) process.exitCode = 1
} finally {
  clearInterval(more)
  endSeconds()
  await field.end()
  await browser.close()
  await stack.stop()
}
process.exit()
