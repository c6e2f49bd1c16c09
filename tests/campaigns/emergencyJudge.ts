import type { CallOut, Delivery } from '#api/models/calls'
import type { CaseEvent, CaseFull, CaseStep } from '#api/models/cases'
import { addressOf, chains, type Message } from './emergencyHouse.ts'

/** A ticket as people see it, with its calls, at one moment. */
export type Ticket = { file: CaseFull; call: CallOut }
/** When the console was killed, and which deliveries were on their way just then: those, and no others, may go once more. */
export type Death = { at: number; underway: ReadonlySet<string> }

const inOrder = (file: CaseFull): CaseEvent[] => file.events.toSorted((a, b) => a.n - b.n)
const numberIn = (e: CaseEvent): number => Number(e.detail['n'])

const open = (s: CaseStep) => s.doneAt === null && s.aside === null
const trying = (number: string) => {
  const trouble: string[] = []
  const check = (holds: boolean, what: string) => {
    if (!holds) trouble.push(`${number}: ${what}`)
  }
  return { trouble, check }
}

/** By the history its steps and their clocks must stand where they stand: one that began anew or was told twice is a line of trouble. */
const stepsJudged = ({ file }: Ticket): string[] => {
  const { trouble, check } = trying(file.number)
  const begin = (after: number | null) => ({ startedAt: after === null ? file.openedAt : null, settled: false })
  const steps = new Map(file.steps.map(s => [s.n, { ...s, ...begin(s.after), told: null as number | null }]))
  const dueOf = (s: Pick<CaseStep, 'startedAt' | 'withinS'>) =>
    s.startedAt === null || s.withinS === null ? null : s.startedAt + s.withinS * 1000
  const after = (n: number) => [...steps.values()].filter(s => s.after === n)
  const told: { step: number | null; notice: unknown }[] = []
  for (const e of inOrder(file)) {
    if (e.verb === 'told') told.push({ step: null, notice: e.detail['notice'] })
    const s = e.verb.startsWith('step-') ? steps.get(numberIn(e)) : undefined
    if (!s) continue
    if (e.verb === 'step-overdue') {
      const due = dueOf(s)
      check(!s.settled && due !== null && due < e.at, `step ${s.n} was told as overdue before its time`)
      check(s.told === null, `step ${s.n} was told as overdue twice`)
      s.told = e.at
      told.push({ step: s.n, notice: e.detail['notice'] })
    } else if (e.verb === 'step-taken-back') {
      check(s.settled, `step ${s.n} was taken back, and nobody had answered it`)
      s.settled = false
      for (const w of after(s.n).filter(x => !x.settled)) Object.assign(w, { startedAt: null, told: null })
    } else {
      check(!s.settled, `step ${s.n} was answered twice`)
      s.settled = true
      for (const w of after(s.n)) w.startedAt ??= e.at
    }
  }
  for (const is of file.steps) {
    const s = steps.get(is.n) as (typeof is & { settled: boolean; told: number | null }) | undefined
    const began = is.startedAt === s?.startedAt && is.dueAt === (s ? dueOf(s) : null)
    check(began, `the clock of step ${is.n} runs from ${is.startedAt}, not from ${s?.startedAt}`)
    check(open(is) !== s?.settled, `step ${is.n} is not as it was answered`)
    check(is.overdueAt === s?.told, `step ${is.n} was told as overdue at ${s?.told}, it says ${is.overdueAt}`)
  }
  const key = (of: { step: number | null; notice: unknown }[]) => JSON.stringify(of.map(t => `${t.step} ${t.notice}`).toSorted())
  check(told.filter(t => t.step === null).length === 1, 'its opening was not told exactly once')
  check(key(told) === key(file.told), 'who was told is not what the record says')
  return trouble
}

/** The same of its calls: each in its turn, once, and not before its time. */
const callsJudged = ({ file, call }: Ticket): string[] => {
  const { trouble, check } = trying(file.number)
  const chain = chains[call.level] ?? []
  const called = { n: 0, next: call.begunAt as number | null, answered: null as number | null }
  for (const e of inOrder(file)) {
    check(e.verb !== 'called-nobody', `call ${numberIn(e)} reached nobody`)
    if (e.verb === 'called-out') {
      check(numberIn(e) === called.n + 1, `call ${numberIn(e)} came after call ${called.n}`)
      check(called.answered === null, `call ${numberIn(e)} was made though somebody had it`)
      check(called.next !== null && called.next <= e.at, `call ${numberIn(e)} was made before its time`)
      const made = call.deliveries.filter(d => d.step === called.n && d.madeAt === e.at).map(d => d.channel)
      const by = chain[called.n]?.by ?? []
      check(made.toSorted().join() === by.toSorted().join(), `call ${numberIn(e)} went by ${made.join()}, not by ${by.join()}`)
      called.n = numberIn(e)
      const following = chain[called.n]
      called.next = following ? Math.max(call.begunAt + following.afterS * 1000, e.at) : null
    }
    if (e.verb === 'call-declined' && called.next !== null) called.next = e.at
    if (e.verb === 'call-answered') {
      check(called.answered === null, 'two have answered the call')
      Object.assign(called, { answered: e.at, next: null })
    }
  }
  const owed = chain.slice(0, called.n).reduce((n, c) => n + c.by.length, 0)
  check(call.deliveries.length === owed, `${call.deliveries.length} messages were made, not ${owed}`)
  check(call.step === called.n, `its chain stands at ${call.step} after ${called.n} calls`)
  check(call.answeredAt === called.answered, 'who has it is not as it was answered')
  // A ticket that is over calls nobody, whenever it would have been their turn.
  if (file.endedAt === null || call.nextAt !== null)
    check(call.nextAt === called.next, `the next are called at ${call.nextAt}, not at ${called.next}`)
  return trouble
}
export const judged = (t: Ticket): string[] => [...stepsJudged(t), ...callsJudged(t)]

const final: readonly Delivery['state'][] = ['accepted', 'answered', 'withdrawn', 'failed']
/** What was seen before a kill and is otherwise after it, without anything having happened that makes it so. */
export const lostBetween = (before: Ticket, after: Ticket): string[] => {
  const { trouble, check } = trying(`after a kill, ${before.file.number}`)
  const [was, is] = [inOrder(before.file), inOrder(after.file)]
  check(JSON.stringify(is.slice(0, was.length)) === JSON.stringify(was), 'its history is not what it was')
  const since = is.slice(was.length)
  for (const s of before.file.steps) {
    const now = after.file.steps.find(x => x.n === s.n)
    const touched = since.some(
      e => e.verb.startsWith('step-') && e.verb !== 'step-overdue' && [s.n, s.after].includes(numberIn(e)),
    )
    const clock = (x: typeof s | undefined) => JSON.stringify([x?.startedAt, x?.dueAt, x?.doneAt, x?.aside])
    check(touched || clock(s) === clock(now), `step ${s.n} is not where it was`)
  }
  check(after.call.begunAt === before.call.begunAt && after.call.step >= before.call.step, 'its chain began anew')
  const called = since.some(e => e.verb.startsWith('call')) || after.file.endedAt !== null
  check(called || after.call.nextAt === before.call.nextAt, 'the time of its next call is another')
  for (const t of before.file.told)
    check(
      after.file.told.some(x => x.notice === t.notice && x.at === t.at && x.step === t.step),
      `what was told at ${t.at} is gone`,
    )
  for (const d of before.call.deliveries) {
    const now = after.call.deliveries.find(x => x.id === d.id)
    check(now?.madeAt === d.madeAt && now.tries >= d.tries, `a message by ${d.channel} is gone`)
    const stays = now?.state === d.state || (d.state === 'accepted' && now?.state === 'answered')
    check(!final.includes(d.state) || stays, `a message by ${d.channel} was ${d.state} and is ${now?.state}`)
  }
  return trouble
}

/** What of it is still to come: a call, a message, a clock that runs out within the minute or has run out and was told to nobody. */
export const stillToCome = ({ file, call }: Ticket, now: number): string[] => [
  ...(call.nextAt === null ? [] : [`call ${call.step + 1}`]),
  ...call.deliveries.filter(d => !final.includes(d.state)).map(d => `call ${(d.step ?? 0) + 1} by ${d.channel}, ${d.state}`),
  ...file.steps
    .filter(s => file.endedAt === null && open(s) && s.overdueAt === null && s.dueAt !== null && s.dueAt < now + 60_000)
    .map(s => `step ${s.n}, overdue`),
]

/** What arrives within so long after an answer may have gone before it. */
const onTheWayMs = 1000
/** Holds what the servers outside have taken against what was to be delivered. */
export const delivered = (
  tickets: readonly Ticket[],
  arrived: readonly Message[],
  deaths: readonly Death[],
  dead: ReadonlySet<string>,
) => {
  const trouble: string[] = []
  let repeated = 0
  const unnamed = arrived.reduce((n, m) => n + m.unnamed, 0)
  let unseen = 0
  const numbers = new Set(tickets.map(t => t.file.number))
  for (const m of arrived)
    for (const n of m.numbers) if (!numbers.has(n)) trouble.push(`a message by ${m.channel} tells of ${n}, which there is not`)
  for (const { file, call } of tickets)
    for (const d of call.deliveries) {
      const name = `${file.number} call ${(d.step ?? 0) + 1} by ${d.channel}`
      const address = addressOf(call.level, d.step ?? 0, d.channel)
      const mine = arrived.filter(m => m.channel === d.channel && m.address === address && m.numbers.has(file.number))
      if (d.state === 'accepted' && mine.length === 0) unseen++
      if (d.state === 'failed') trouble.push(`${name} was given up: ${d.why}`)
      for (const [i, m] of mine.entries()) {
        if (m.id !== null && m.id !== d.id && m.numbers.size === 1) trouble.push(`${name} came under another id`)
        if (m.token !== null && dead.has(m.token)) trouble.push(`the link of ${name} opens nothing`)
        const last = mine[i - 1]
        if (!last && call.answeredAt !== null && m.at > call.answeredAt + onTheWayMs)
          trouble.push(`${name} went although somebody had it by then`)
        if (!last) continue
        const death = deaths.find(x => x.at >= last.at && x.at <= m.at && x.underway.has(d.id))
        if (!death) trouble.push(`${name} came twice, ${m.at - last.at} ms apart, and was not on its way at a kill in between`)
        else repeated++
        if (death && call.answeredAt !== null && call.answeredAt <= death.at)
          trouble.push(`${name} went once more after a kill although somebody had it by then`)
      }
    }
  if (unseen > unnamed) trouble.push(`${unseen} messages were accepted and never came; ${unnamed} were only counted in a summary`)
  return { trouble, repeated }
}
