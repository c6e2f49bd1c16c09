import type { Alarm } from '#api/models/live'
import type { JournalBody } from '#contract/journal'
import { type Disks, disks } from '../harness/disks.ts'
import { type Person, signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'
import { dice } from './dice.ts'
import { doTheirWorst } from './worst.ts'

/** What a campaign found; every list of trouble must be empty. */
export type KillFigures = {
  seed: number
  kills: Record<'edge-agent' | 'broker' | 'console', number>
  records: number
  alarms: number
  runs: number
  commands: number
  /** What signed-in people did to the console meanwhile. */
  misdeeds: number
  trouble: string[]
}

const start = '2026-11-20T12:00:00+08:00'
const until20 = Date.parse('2026-11-20T20:00:00+08:00')
const faults = [
  'ahu-1/vfd_flt',
  'ahu-2/belt_flt',
  'ahu-3/frost',
  'ahu-5/vfd_flt',
  'fire-panel/l7_w1_fire',
  'fire-panel/l9_e2_fire',
]
const zones = ['zc-3w', 'zc-5e', 'zc-9w', 'zc-14e']
const victims = ['edge-agent', 'broker', 'console'] as const
const moment = (ms: number) => new Promise(done => setTimeout(done, ms))

/**
 * kill -9 of agent, broker and console at random moments, one of them or two at once, while alarms come and go, zones
 * start and stop, people command and others who have signed in do their worst; then both disks are held against each other: every record once, in order, none invented; standing alarms
 * with their ids, arrays and programme as they were.
 */
export const killCampaign = async (o: { kills: number; seed: number; say?: (line: string) => void }): Promise<KillFigures> => {
  const { below, pick } = dice(o.seed)
  const kills = { 'edge-agent': 0, broker: 0, console: 0 }
  const stack = await startStack({ at: start })
  try {
    let api = await signIn(stack.url, 'operator')
    // Two things that must outlive everything: a standing alarm that holds nothing back, and a hold.
    await pin(stack, 'ahu-4/frost', true)
    const hold = await api.order({ kind: 'hold', point: 'zc-8w/temp_sp', value: 22, level: 8, until: until20 }, 'campaign')
    await until('the hold to be confirmed', async () => (await stepOf(api, 'zc-8w', hold)) === 'confirmed', 30_000)
    const lasting = await until('the alarm', async () => (await alarms(api)).find(a => a.key === 'ahu-4/frost'))

    const worst = doTheirWorst(stack, o.seed)
    for (let k = 0; k < o.kills; k++) {
      for (let n = 1 + below(5); n > 0; n--) {
        await disturb(stack, api, pick, below)
        await moment(below(250))
      }
      // One in four takes two programs at once, as a power cut does.
      const dying = [...new Set(below(4) === 0 ? [pick(victims), pick(victims)] : [pick(victims)])]
      for (const victim of dying) {
        kills[victim]++
        await stack.kill(victim)
      }
      await disturb(stack, api, pick, below)
      await moment(below(800))
      for (const victim of dying) await stack.start(victim)
      if (dying.includes('console')) api = await signIn(stack.url, 'operator')
      if ((k + 1) % 10 === 0) o.say?.(`${k + 1} kills`)
    }

    const { misdeeds, trouble } = await worst.end()
    if (stack.log('console').includes('bug:')) trouble.push('the console tells of a bug')
    // Calm: everything is put right, and the two sides come to agree.
    for (const ref of faults) await pin(stack, ref, false)
    await until('the agent to be heard', async () => (await alarms(api)).filter(a => a.returnedAt === null).length >= 1, 60_000)
    const agreed = await until(
      'only the lasting alarm to stand, at both ends',
      async () => {
        const here = (await alarms(api)).filter(a => a.returnedAt === null)
        const both = await disks(stack)
        const { standing, journal, ingested } = both
        const stands = [...standing.keys()].filter(k => !k.startsWith('pace/'))
        return here.length === 1 && stands.length === 1 && ingested.at(-1) === journal.at(-1)?.n ? both : undefined
      },
      90_000,
    )
    const compared = compare(agreed, lasting.id, hold)
    return { seed: o.seed, kills, misdeeds, ...compared, trouble: [...trouble, ...compared.trouble] }
  } finally {
    await stack.stop()
  }
}

const pin = (stack: Stack, ref: string, value: boolean) => {
  const [device, key] = ref.split('/')
  return stack.sim('PUT', `/devices/${device}/points/${key}`, { value })
}
// That a slow machine reads late is true, and no trouble of the campaign's.
const alarms = async (api: Person) =>
  (await api.get<Alarm[]>('/alarms')).body.filter(a => a.source === 'tower' && !a.key.startsWith('pace/'))
const stepOf = async (api: Person, device: string, id: string) =>
  (await api.get<{ id: string; step: string }[]>(`/commands?device=${device}`)).body.find(c => c.id === id)?.step

/** One thing that happens in the building; what cannot happen while somebody is dead does not. */
const disturb = async (
  stack: Stack,
  api: Person,
  pick: ReturnType<typeof dice>['pick'],
  below: ReturnType<typeof dice>['below'],
) => {
  if (below(3) > 0) return pin(stack, pick(faults), below(2) === 0)
  const point = `${pick(zones)}/on_cmd`
  const act =
    below(2) === 0
      ? { kind: 'hold', point, value: below(2) === 0, level: 8, until: until20 }
      : { kind: 'release', point, level: 8 }
  await api.post('/commands', { act, reason: 'campaign' }).catch(() => {})
}

const ofType = <K extends JournalBody['type']>(d: Disks, type: K) =>
  d.journal.flatMap(r => (r.body.type === type ? [r.body as Extract<JournalBody, { type: K }>] : []))

/** Holds the two disks against each other; each disagreement is a line of trouble. */
const compare = (d: Disks, lastingAlarm: string, hold: string) => {
  const trouble: string[] = []
  const check = (holds: boolean, what: string) => {
    if (!holds) trouble.push(what)
  }
  check(
    d.journal.every((r, i) => r.n === i + 1),
    'the journal has a hole in its numbers',
  )
  check(JSON.stringify(d.ingested) === JSON.stringify(d.journal.map(r => r.n)), 'ingested are not the journal, once each')
  check(d.gaps.length === 0, `${d.gaps.length} gaps`)
  check(d.quarantine.length === 0, `${d.quarantine.length} records in quarantine`)

  const raised = ofType(d, 'alarm-raised').map(r => r.alarm)
  const returned = new Set(ofType(d, 'alarm-returned').map(r => r.id))
  check(new Set(raised.map(a => a.id)).size === raised.length, 'an alarm was raised twice')
  check(d.alarms.length === raised.length, `${d.alarms.length} alarms in the books, ${raised.length} raised`)
  for (const a of d.alarms) {
    check(
      raised.some(r => r.id === a.id),
      `alarm ${a.key} ${a.id} was invented`,
    )
    check((a.returned_at !== null) === returned.has(a.id), `alarm ${a.key} ${a.id}: returned at one end only`)
  }
  check(
    [...d.standing.values()].some(a => a.id === lastingAlarm),
    'the standing alarm lost its id',
  )
  check(d.alarms.filter(a => a.key === 'ahu-4/frost').length === 1, 'the standing alarm was minted again')

  const runs = ofType(d, 'run')
  const runIds = new Set(runs.map(r => r.id))
  check(d.runs.length === runIds.size, `${d.runs.length} runs in the books, ${runIds.size} in the journal`)
  for (const id of runIds) check(runs.filter(r => r.id === id && r.to !== null).length <= 1, `run ${id} ended twice`)

  const steps = ofType(d, 'command')
  for (const c of d.commands) {
    const mine = steps.filter(s => s.id === c.id)
    check(mine.filter(s => s.step === 'accepted').length <= 1, `command ${c.id} was accepted twice`)
    check(mine.length === 0 || JSON.parse(c.steps_json).length === mine.length, `command ${c.id}: steps differ`)
  }
  check(
    steps.every(s => d.commands.some(c => c.id === s.id)),
    'a command of the journal is not in the books',
  )
  check(steps.filter(s => s.id === hold && s.step === 'confirmed').length === 1, 'the hold was not confirmed exactly once')
  check(d.holders.get('zc-8w/temp_sp')?.some(h => h.level === 8 && h.value === 22) ?? false, 'the hold is gone')
  check(d.programme.has('in-force'), 'the programme is gone')
  return { records: d.journal.length, alarms: raised.length, runs: runIds.size, commands: d.commands.length, trouble }
}
