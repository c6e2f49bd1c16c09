import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { CallOut } from '#api/models/calls'
import type { CaseFull, CaseHead } from '#api/models/cases'
import { openMoment } from '#store/openStore'
import { faultText, proveBooks } from '../../console/server/books/chain/proveBooks.ts'
import type { Books } from '../../console/server/books/schema.ts'
import { fieldVoice } from '../harness/fieldVoice.ts'
import type { Person } from '../harness/person.ts'
import type { Stack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'
import { dice } from './dice.ts'
import { openActs, unkept } from './emergencyActs.ts'
import { type House, openHouse } from './emergencyHouse.ts'
import { type Death, delivered, judged, lostBetween, stillToCome, type Ticket } from './emergencyJudge.ts'

export type EmergencyFigures = {
  seed: number
  kills: number
  seconds: number
  emergencies: number
  asked: number
  unanswered: number
  /** Steps that were told as overdue. */
  overdue: number
  messages: number
  /** Deliveries that were on their way when the console died: sent, and no answer stored. */
  cutOff: number
  /** Those of them that arrived twice, which is with cause. */
  repeated: number
  trouble: string[]
}

const moment = (ms: number) => new Promise(done => setTimeout(done, ms))
const mostWaitMs = 4000
/** Within this time after the last start all that was to be done is done. */
const calmMs = 90_000
const mostTrouble = 50

/**
 * kill -9 of the console at random moments of emergencies: while the agent's records come in, while people act, and above all between a message that has
 * arrived and its answer. What was seen before is held against what is there after, all that was answered against the history, and what servers outside
 * have taken against what was to go: each once, but for what was on its way at a kill.
 */
export const emergencyCampaign = async (o: {
  kills: number
  seed: number
  say?: (line: string) => void
}): Promise<EmergencyFigures> => {
  const chance = dice(o.seed)
  const house = await openHouse(o.seed + 1)
  const { stack } = house
  const field = await fieldVoice(stack)
  try {
    await field.online()
    const acts = await openActs(house, field, chance)
    const { reader, trouble } = acts
    const deaths: Death[] = []
    const began = performance.now()
    for (let k = 0; k < o.kills; k++) {
      for (let n = 1 + chance.below(2); n > 0; n--) acts.raise()
      for (let n = chance.below(5); n > 0; n--) await acts.something()
      const before = await ticketsOf(reader, await idsOf(reader, true))
      const [asked, over] = [acts.asked.length, { is: false }]
      const inFlight = Promise.all([acts.something(), acts.something()]).finally(() => {
        over.is = true
      })
      await deadlyMoment(house, chance, () => over.is || acts.asked.length > asked)
      await stack.kill('console')
      deaths.push({ at: stack.now(), underway: await underwayIn(stack) })
      await inFlight
      await stack.start('console')
      const after = await ticketsOf(reader, [...before.keys()])
      trouble.push(...[...before].flatMap(([id, t]) => lostBetween(t, after.get(id) as Ticket)))
      trouble.push(...[...before.values(), ...after.values()].flatMap(judged))
      if ((k + 1) % 10 === 0) o.say?.(`${k + 1} kills`)
    }
    await acts.heard()
    const tickets = await calm(reader, stack, trouble)
    const files = tickets.map(t => t.file)
    const arrived = house.arrived()
    const { trouble: outside, ...counts } = delivered(tickets, arrived, deaths, await deadLinksOf(house))
    trouble.push(...tickets.flatMap(judged), ...unkept(acts, files), ...outside)
    if (stack.log('console').includes('bug:')) trouble.push('the console tells of a bug')
    const seconds = Math.round((performance.now() - began) / 1000)
    await stack.kill('console', 'SIGTERM')
    trouble.push(...(await heldAgainstBooks(stack, files)))
    return {
      ...{ seed: o.seed, kills: o.kills, seconds, emergencies: files.length, asked: acts.asked.length },
      unanswered: acts.asked.filter(a => a.done === 'unknown').length,
      overdue: files.flatMap(f => f.told.filter(t => t.step !== null)).length,
      messages: arrived.length,
      cutOff: deaths.reduce((n, d) => n + d.underway.size, 0),
      ...counts,
      trouble: [...new Set(trouble)].slice(0, mostTrouble),
    }
  } finally {
    await field.end()
    await house.close()
  }
}

/** In the midst of what people ask, at any moment, or when something has arrived whose answer is still to come. */
const deadlyMoment = async (house: House, chance: ReturnType<typeof dice>, underway: () => boolean) => {
  const kind = chance.below(4)
  if (kind === 0) await until('something to be asked', underway)
  if (kind <= 1) return moment(chance.below(kind === 0 ? 20 : 2500))
  const end = Date.now() + mostWaitMs
  await until('a message to be answered late', () => house.holding() || Date.now() > end)
  await moment(chance.below(kind === 2 ? 20 : 1000))
}

const idsOf = async (reader: Person, open: boolean) =>
  (await reader.get<CaseHead[]>(`/cases?procedure=emergency&limit=500${open ? '&open=true' : ''}`)).body.map(h => h.id)

/** Two requests are two moments: what happened between them is looked at again. */
const ticketOf = async (reader: Person, id: string): Promise<Ticket> => {
  const fileOf = async () => (await reader.get<CaseFull>(`/cases/${id}`)).body
  let file = await fileOf()
  for (;;) {
    const call = (await reader.get<CallOut>(`/cases/${id}/call`)).body
    const again = await fileOf()
    if (JSON.stringify(again.events) === JSON.stringify(file.events) && again.state === file.state) return { file, call }
    file = again
  }
}
const ticketsOf = async (reader: Person, ids: readonly string[]) => {
  const found = new Map<string, Ticket>()
  for (const id of ids) found.set(id, await ticketOf(reader, id))
  return found
}

/** What a console that is dead had on its way, as its disk has it; of a copy, so that the next one finds what the kill has left. */
const underwayIn = async (stack: Stack): Promise<ReadonlySet<string>> => {
  const copy = mkdtempSync(join(stack.data, 'dead-'))
  for (const name of ['books.db', 'books.db-wal']) {
    const from = join(stack.data, 'console', name)
    if (existsSync(from)) copyFileSync(from, join(copy, name))
  }
  const { read, close } = await openMoment<Books>(join(copy, 'books.db'))
  try {
    const rows = await read.selectFrom('delivery').select('id').where('state', '=', 'sent').execute()
    return new Set(rows.map(r => r.id))
  } finally {
    await close()
    rmSync(copy, { recursive: true, force: true })
  }
}

/** All tickets once nothing of them is still to come; what comes not within its limit was forgotten. */
const calm = async (reader: Person, stack: Stack, trouble: string[]): Promise<Ticket[]> => {
  const found = await ticketsOf(reader, await idsOf(reader, false))
  const left = () =>
    [...found].flatMap(([id, t]) => stillToCome(t, stack.now()).map(what => ({ id, what: `${t.file.number}, ${what}` })))
  const look = async () => {
    for (const [id, t] of await ticketsOf(reader, [...new Set(left().map(l => l.id))])) found.set(id, t)
    return left().length === 0
  }
  await until('all to be done', look, calmMs).catch(() => {})
  trouble.push(...left().map(l => `forgotten: ${l.what}`))
  return [...found.values()]
}

/** The links of what has arrived that open nothing. */
const deadLinksOf = async (house: House): Promise<ReadonlySet<string>> => {
  const dead = new Set<string>()
  for (const { token } of house.arrived())
    if (token !== null && (await fetch(`${house.stack.url}/api/on-call/${token}`)).status !== 200) dead.add(token)
  return dead
}

/** What the books say otherwise than the tickets, and whether they prove themselves. */
const heldAgainstBooks = async (stack: Stack, files: readonly CaseFull[]): Promise<string[]> => {
  const { read, close } = await openMoment<Books>(join(stack.data, 'console', 'books.db'))
  try {
    const trouble: string[] = []
    const notices = await read.selectFrom('notice').select(['id', 'record', 'kind']).execute()
    for (const f of files) {
      const of = (kind: string) => notices.filter(n => n.record === f.id && n.kind === kind).length
      const events = (verb: string) => f.events.filter(e => e.verb === verb).length
      const check = (kind: string, is: number, wanted: number) => {
        if (is !== wanted) trouble.push(`${f.number}: ${is} notices of kind ${kind}, not ${wanted}`)
      }
      check('emergency', of('emergency'), 1)
      check('step-overdue', of('step-overdue'), events('step-overdue'))
      check('major', of('major'), events('note'))
    }
    const { faults } = await proveBooks(read)
    return [...trouble, ...faults.map(faultText)]
  } finally {
    await close()
  }
}
