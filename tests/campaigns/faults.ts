import { freePorts, type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'
import { DeskEar } from './deskEar.ts'
import { dice } from './dice.ts'
import { FaultLane, type Outcome } from './faultLane.ts'
import type { WireFault } from './faultNames.ts'
import { writeFaultySite } from './faultySite.ts'
import { Ledger } from './knownValues.ts'
import { wireFaults } from './wireFaults.ts'

/** What the campaign found; a list of trouble that is not empty fails it. */
export type FaultFigures = {
  seed: number
  faults: number
  wrongGood: number
  crashed: number
  misnamed: number
  slowestBackS: number
  trouble: string[]
}

/** Ports with the hostile device alone, and with a healthy one beside it: as many faults are put on at once. */
const alone = 8
const shared = 5
const statusLimitMs = 6000
/** A fault ends at any moment of the agent's own pauses between tries. */
const longestLingerMs = 3000

const shuffled = <T>(list: readonly T[], below: (n: number) => number): T[] => {
  const rest = [...list]
  return Array.from(list, () => rest.splice(below(rest.length), 1)[0] as T)
}

/** As many lanes as needed take the next fault from the list until it is empty. */
const work = async (lanes: readonly FaultLane[], tasks: { fault: WireFault; lingerMs: number }[], done: (o: Outcome) => void) => {
  await Promise.all(
    lanes.map(async lane => {
      for (let task = tasks.shift(); task; task = tasks.shift()) done(await lane.run(task.fault, task.lingerMs))
    }),
  )
}

/** Whether the agent lives, answers, and goes on telling how it is; one that died is started again for the other faults. */
const agentWatch = (stack: Stack, ear: DeskEar) => {
  let reviving: Promise<void> | undefined
  const revived = async () => {
    reviving ??= stack.start('edge-agent').finally(() => {
      reviving = undefined
    })
    await reviving
    return 'crashed'
  }
  return async (): Promise<string | undefined> => {
    if (!stack.alive('edge-agent')) return revived()
    const health = `http://127.0.0.1:${stack.env['ZHIBAN_EDGE_PORT']}/healthz`
    const answers = await fetch(health, { signal: AbortSignal.timeout(3000) }).then(
      r => r.ok,
      () => false,
    )
    if (!answers) return stack.alive('edge-agent') ? 'hung' : revived()
    return Date.now() - ear.statusAt > statusLimitMs ? 'is silent' : undefined
  }
}

const line = (o: Outcome) =>
  [
    o.fault.padEnd(36),
    (o.beside ? 'beside' : 'alone').padEnd(7),
    `wrong-good ${String(o.wrong.length).padStart(3)}`,
    (o.unwell ?? 'well').padEnd(8),
    `reads ${o.read.padEnd(24)}`,
    `${o.misnamed ? 'NOT' : 'as '} ${o.expected.padEnd(24)}`,
    `after ${o.namedS.toFixed(1).padStart(4)} s`,
    `back ${o.backS === undefined ? 'never' : `${o.backS.toFixed(1).padStart(4)} s`}`,
    ...(o.beside ? [`neighbour away ${o.neighbourAwayS.toFixed(1)} s`] : []),
  ].join('  ')

/**
 * A device that breaks the protocol in every way that faults.md §4 lists, against the real agent and a real broker: no value
 * that was not served may be called good, nothing may end the agent, each fault has its name, and good data comes back.
 */
export const faultCampaign = async (o: {
  faults?: number
  /** Only faults whose name has this in it. */
  only?: string
  seed: number
  /** How many times the limit for being good again may be taken; once when left out. */
  slack?: number
  say?: (line: string) => void
}): Promise<FaultFigures> => {
  const { below } = dice(o.seed)
  const all = wireFaults(below)
    .filter(fault => fault.name.includes(o.only ?? ''))
    .flatMap(fault => (fault.beside ? [false, true] : [false]).map(beside => ({ fault, beside })))
  const chosen = shuffled(all, below)
    .slice(0, o.faults ?? all.length)
    .map(c => ({ ...c, lingerMs: below(longestLingerMs) }))
  const of = (beside: boolean) => chosen.filter(c => c.beside === beside)

  const ports = await freePorts(alone + shared)
  const plans = ports.map((port, i) => ({
    bus: `bus-${i}`,
    device: `h-${i}`,
    neighbour: i < alone ? undefined : `n-${i}`,
    port,
  }))
  const site = writeFaultySite(plans)
  const ledger = new Ledger()
  const lanes = plans.map(plan => new FaultLane(plan, ledger, o.slack ?? 1))
  await Promise.all(lanes.map(lane => lane.open()))
  const stack = await startStack({
    site: site.site,
    only: ['broker', 'edge-agent'],
    env: { ZHIBAN_PROFILES: site.profiles, ZHIBAN_LOG: 'warn' },
  })
  const ear = new DeskEar(stack, {
    onValues: (device, values) => lanes.find(l => l.owns(device))?.hear(device, values),
    onRaised: alarm => lanes.find(l => alarm.device !== null && l.owns(alarm.device))?.hearAlarm(alarm.key),
  })
  const outcomes: Outcome[] = []
  const done = (outcome: Outcome) => {
    outcomes.push(outcome)
    o.say?.(line(outcome))
  }
  try {
    const isWell = agentWatch(stack, ear)
    for (const lane of lanes) lane.listen(ear, isWell)
    await until('all devices to be good', () => lanes.every(l => l.good), 30_000)
    await Promise.all([work(lanes.slice(0, alone), of(false), done), work(lanes.slice(alone), of(true), done)])
  } finally {
    for (const lane of lanes) lane.leave()
    await ear.close()
    await stack.stop()
    await Promise.all(lanes.map(lane => lane.close()))
    site.remove()
  }
  return {
    seed: o.seed,
    faults: outcomes.length,
    wrongGood: outcomes.reduce((sum, x) => sum + x.wrong.length, 0),
    crashed: outcomes.filter(x => x.unwell).length,
    misnamed: outcomes.filter(x => x.misnamed).length,
    slowestBackS: Math.max(0, ...outcomes.map(x => x.backS ?? Number.POSITIVE_INFINITY)),
    trouble: [
      ...outcomes.flatMap(x => x.trouble),
      ...(ear.rejected > 0 ? [`${ear.rejected} messages of the agent were not understood`] : []),
    ],
  }
}
