import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { holds } from '#api/conditions'
import type { CaseFull, CaseLine } from '#api/models/cases'
import type { Alarm } from '#api/models/live'
import { type Role, roles } from '#api/rights'
import { isByPeople, type Procedure, type Transition } from '../../console/server/engine/definition.ts'
import type { Field } from '../../console/server/engine/field.ts'
import { type LineList, type LineStep, takersOf } from '../../console/server/engine/lines.ts'
import { answerTicket } from '../harness/answerTicket.ts'
import { fieldVoice } from '../harness/fieldVoice.ts'
import { procedures } from '../harness/manual.ts'
import { demoUserOf, type Person, signIn } from '../harness/person.ts'
import { samplesOf } from '../harness/samples.ts'
import { type Stack, startStack } from '../harness/stack.ts'

const start = Date.parse('2026-11-23T10:00:00+08:00')
const day = 86_400_000
let stack: Stack
let field: Awaited<ReturnType<typeof fieldVoice>>
const people = new Map<Role, Person>()
beforeAll(async () => {
  stack = await startStack({ at: new Date(start).toISOString(), only: ['broker', 'console'] })
  for (const role of roles) people.set(role, await signIn(stack.url, demoUserOf[role]))
  field = await fieldVoice(stack)
})
afterAll(async () => {
  await field?.end()
  await stack?.stop()
})
const person = (role: Role): Person => people.get(role) as Person

const samples = (fields: readonly Field[] = []) => samplesOf(fields, start)

let made = 0
const open = (p: Procedure, by: Person, form: object) => by.post<CaseFull>('/cases', { procedure: p.id, form })
const booking = async (p: Procedure, by: Person) => {
  // An evening of its own each time, at the price that was told.
  const from = start + ++made * day + 10 * 3_600_000
  const stretch = { zone: 'f12-e', from, to: from + 3_600_000 }
  const { body } = await person('supervisor').get<{ fen: number }>(`/overtime/quote?zone=f12-e&from=${from}&to=${stretch.to}`)
  return open(p, by, { ...stretch, contact: '张伟', phone: '138', quotedFen: body.fen })
}
const table = async (p: Procedure, by: Person) => {
  const month = new Date(Date.UTC(2027, ++made, 1)).toISOString().slice(0, 7)
  const opened = await open(p, by, { month, department: 'engineering' })
  if (opened.status !== 200) return opened
  const dates = Array.from({ length: 31 }, (_, i) => `${month}-${String(i + 1).padStart(2, '0')}`)
  const real = dates.filter(d => !Number.isNaN(Date.parse(d)) && new Date(d).toISOString().startsWith(d))
  const shifts = real.map(date => ({ date, shift: 'day', person: '示例' }))
  const put = await by.call('PUT', `/rosters/${opened.body.id}/shifts`, { revision: opened.body.revision, shifts })
  expect(put).toMatchObject({ status: 200 })
  return opened
}
/** One that is answered at once is over with its opening. */
const unanswered = (p: Procedure, by: Person) => {
  const { answer: _, ...form } = samples(p.fields)
  return open(p, by, form)
}
/** Opens a case as that procedure is opened; most by a form alone. */
const openers: Record<string, (p: Procedure, by: Person) => Promise<{ status: number; body: CaseFull }>> = {
  overtime: booking,
  roster: table,
  enquiry: unanswered,
}
const opened = (p: Procedure, by: Person) => (openers[p.id] ?? ((q, who) => open(q, who, samples(q.fields))))(p, by)

/** The verbs that lead from the first state to another, by people, the shortest way. */
const wayTo = (p: Procedure, state: string): Transition[] | undefined => {
  const ways: [string, Transition[]][] = [[p.initial, []]]
  const seen = new Set([p.initial])
  for (const [at, way] of ways) {
    if (at === state) return way
    for (const t of p.transitions)
      if (t.from.includes(at) && !seen.has(t.to) && !t.when && isByPeople(t)) {
        seen.add(t.to)
        ways.push([t.to, [...way, t]])
      }
  }
  return undefined
}
const byHand = procedures.filter(p => p.opens.length > 0)

/** The steps of a list that lead from a state of a line to a settled one, the shortest way, by people. */
const wayOfLine = (list: LineList, from: string): LineStep[] => {
  const ways: [string, LineStep[]][] = [[from, []]]
  const seen = new Set([from])
  for (const [at, way] of ways) {
    if (list.states[at]?.settled) return way
    for (const s of list.steps)
      if (s.from.includes(at) && s.by.length > 0 && !seen.has(s.to)) {
        seen.add(s.to)
        ways.push([s.to, [...way, s]])
      }
  }
  throw new Error(`${list.key}: no way out of '${from}'`)
}
const takeLine = (file: CaseFull, line: CaseLine, step: LineStep, by: Role) =>
  person(by).post<CaseFull>(`/cases/${file.id}/lines/${line.id}/acts/${step.verb}`, {
    seen: line.state,
    said: samples(step.asks),
  })
/** Every line of these lists is settled, each by somebody who may. */
const settle = async (p: Procedure, id: string, lists: readonly string[]) => {
  const file = async () => (await person(p.sees[0] as Role).get<CaseFull>(`/cases/${id}`)).body
  for (const list of (p.lines ?? []).filter(l => lists.includes(l.key)))
    for (const { id: line, state } of (await file()).lines.filter(l => l.list === list.key))
      for (const step of wayOfLine(list, state)) {
        const now = await file()
        const row = now.lines.find(l => l.id === line) as CaseLine
        const given = list.given?.(now.form)[row.n - 1]?.key ?? null
        const by = takersOf(list, step, given, now.form)[0] as Role
        const taken = await takeLine(now, row, step, by)
        expect(taken, `${p.id} ${list.key} ${step.verb} by ${by}: ${JSON.stringify(taken.body)}`).toMatchObject({ status: 200 })
      }
}

/** What a step asks for; where that is another case, there is one. */
const saidFor = async (p: Procedure, t: Transition) => {
  const said = samples(t.asks)
  for (const f of t.asks ?? []) if (f.kind === 'case') said[f.key] = (await caseIn(p, p.initial))?.number
  return said
}

/** A new case of a procedure in a state, or undefined where its needs do not let people go there alone. */
const caseIn = async (p: Procedure, state: string): Promise<CaseFull | undefined> => {
  if (p.id === 'emergency') return emergencyIn(state)
  const answer = await opened(p, person(p.opens[0] as Role))
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 })
  let file = answer.body
  for (const t of wayTo(p, state) ?? []) {
    const by = person(t.by.find(r => r !== 'system' && r !== 'customer') as Role)
    await settle(p, file.id, t.settled ?? [])
    const acted = await by.post<CaseFull>(`/cases/${file.id}/acts/${t.verb}`, await saidFor(p, t))
    if (acted.status === 409) return undefined
    expect(acted, `${p.id} ${t.verb}: ${JSON.stringify(acted.body)}`).toMatchObject({ status: 200 })
    file = acted.body
  }
  return file
}

let emergencies = 0
/** An emergency comes of an alarm, and of its return; one for each place at a time. */
const emergencyIn = async (state: string): Promise<CaseFull | undefined> => {
  const zone = `f${2 + emergencies++}-w`
  const api = person('manager')
  const alarm = await field.raise({ level: 2, kind: 'intrusion', place: zone, key: `door/${zone}` }, start)
  if (state !== 'active') await field.returned(alarm, start)
  const ticket = (await api.get<Alarm[]>('/alarms')).body.find(a => a.id === alarm)?.ticket
  if (state !== 'active' && ticket) await answerTicket(api, ticket)
  if (state === 'merged') {
    const other = await emergencyIn('active')
    const merged = await api.post(`/cases/${ticket}/merge`, { into: other?.id, reason: '同一件事' })
    if (merged.status !== 200) throw new Error(`not merged: ${JSON.stringify(merged.body)}`)
  }
  if (state === 'closed')
    return (await api.post<CaseFull>(`/cases/${ticket}/acts/close`, { reason: '核实', outcome: 'drill' })).body
  return (await api.get<CaseFull>(`/cases/${ticket}`)).body
}

it('an emergency is opened by nobody by hand', async () => {
  const emergency = procedures.find(p => p.id === 'emergency') as Procedure
  for (const role of roles) expect((await open(emergency, person(role), samples(emergency.fields))).status, role).toBe(403)
})

describe.each(byHand.map(p => [p.id, p] as const))('%s', (_id, p) => {
  it('can be opened by those who may, and by nobody else', async () => {
    for (const role of roles) {
      const answer = await opened(p, person(role))
      expect(answer.status, role).toBe(p.opens.includes(role) ? 200 : 403)
    }
  })
})

/** What one person alone is asked has its own test. */
const shared = procedures.filter(p => !p.privateTo)

describe.each(shared.map(p => [p.id, p] as const))('%s', (_id, p) => {
  it('every step that the table allows is taken by every role that it names, and every other step is refused', async () => {
    let allowed = 0
    let forbidden = 0
    const verbs = [...new Set(p.transitions.map(t => t.verb))]
    for (const state of Object.keys(p.states)) {
      if (p.id !== 'emergency' && !wayTo(p, state)) continue
      const standing = await caseIn(p, state)
      if (!standing) continue
      for (const verb of verbs) {
        const t = p.transitions.find(x => x.verb === verb && x.from.includes(state) && holds(x.when, standing.form))
        for (const role of roles) {
          const where = `${p.id} ${state} ${verb} by ${role}`
          const sees = p.sees.includes(role)
          if (!(t?.by.includes(role) && sees)) {
            const answer = await person(role).post(`/cases/${standing.id}/acts/${verb}`, samples(t?.asks))
            expect(answer.status, where).toBe(!sees ? 403 : t ? 403 : 409)
            forbidden++
            continue
          }
          const file = (await caseIn(p, state)) as CaseFull
          // Not before all is settled that must be.
          if (t.settled && file.lines.some(l => t.settled?.includes(l.list) && !l.settled)) {
            const early = await person(role).post(`/cases/${file.id}/acts/${verb}`, samples(t.asks))
            expect(early, where).toMatchObject({ status: 409, body: { error: 'lines-open' } })
            await settle(p, file.id, t.settled)
          }
          // What it asks for is asked for, and nothing happens without.
          const required = (t.asks ?? []).filter(f => f.signs !== 'doer' && !f.schema.safeParse(undefined).success)
          if (required[0]) {
            const bare = await person(role).post(`/cases/${file.id}/acts/${verb}`, {})
            expect(bare, where).toMatchObject({ status: 400, body: { error: 'said-nothing', field: required[0].key } })
          }
          const answer = await person(role).post<CaseFull>(`/cases/${file.id}/acts/${verb}`, await saidFor(p, t))
          if (answer.status === 409) expect(t.needs, `${where}: ${answer.body.error}`).toBeDefined()
          else expect(answer, `${where} ${JSON.stringify(answer.body)}`).toMatchObject({ status: 200, body: { state: t.to } })
          allowed++
        }
      }
    }
    process.stdout.write(`${p.id}: ${allowed} allowed, ${forbidden} refused\n`)
    expect(allowed).toBeGreaterThanOrEqual(p.transitions.filter(t => !t.when && isByPeople(t)).length - 1)
    expect(forbidden).toBeGreaterThan(allowed)
  }, 120_000)

  const lined = p.lines ? it : undefined
  lined?.('every step of every line is taken by the roles that it names, and by nobody else', async () => {
    for (const list of p.lines ?? []) {
      const state = list.in.find(s => wayTo(p, s)) as string
      const standing = (await caseIn(p, state)) as CaseFull
      for (const step of list.steps)
        for (const role of roles) {
          const line = standing.lines.find(l => l.list === list.key && step.from.includes(l.state))
          if (!line) continue
          const takers = takersOf(list, step, list.given?.(standing.form)[line.n - 1]?.key ?? null, standing.form)
          const file = takers.includes(role) ? ((await caseIn(p, state)) as CaseFull) : standing
          const row = file.lines.find(l => l.list === list.key && l.n === line.n) as CaseLine
          const answer = await takeLine(file, row, step, role)
          const where = `${p.id} ${list.key} ${step.verb} by ${role}: ${JSON.stringify(answer.body)}`
          expect(answer.status, where).toBe(takers.includes(role) ? 200 : 403)
          if (takers.includes(role)) expect(answer.body.lines.find(l => l.id === row.id)?.state, where).toBe(step.to)
        }
    }
  })

  it('whoever does not see it gets nothing of it: not in lists, not by its id', async () => {
    const file = (await caseIn(p, p.initial)) as CaseFull
    for (const role of roles) {
      const list = await person(role).get<CaseFull[]>(`/cases?procedure=${p.id}`)
      const one = await person(role).get<CaseFull>(`/cases/${file.id}`)
      expect([list.status, one.status], role).toEqual(p.sees.includes(role) ? [200, 200] : [403, 403])
      if (!p.sees.includes(role)) continue
      for (const f of p.fields.filter(x => x.sees)) {
        const may = f.sees?.includes(role)
        const text = JSON.stringify([one.body, list.body])
        expect(one.body.form[f.key] !== undefined, `${role} ${f.key}`).toBe(may)
        if (!may) expect(text, `${role} ${f.key}`).not.toContain(`"${f.key}":`)
      }
    }
  })
})

it('two people correct the same case: the second is told what changed, and nothing of either is lost', async () => {
  const repair = procedures.find(p => p.id === 'repair') as Procedure
  const file = (await caseIn(repair, repair.initial)) as CaseFull
  const [first, second] = [person('front-desk'), person('supervisor')]
  const correct = (who: Person, form: object, revision: number) =>
    who.post<CaseFull & { detail?: { since: { verb: string; by: string; detail: object }[] } }>(`/cases/${file.id}/corrections`, {
      form,
      reason: '核对',
      revision,
    })
  expect(await correct(first, { contact: '谢宁' }, file.revision)).toMatchObject({ status: 200 })
  const told = await correct(second, { phone: '139' }, file.revision)
  expect(told).toMatchObject({ status: 409, body: { error: 'changed-meanwhile' } })
  expect(told.body.detail?.since[0]).toMatchObject({ verb: 'correct', detail: { contact: { before: '示例', after: '谢宁' } } })
  // An act on what one has not seen is told likewise.
  expect(await first.post(`/cases/${file.id}/acts/assign`, { handler: '示例', revision: file.revision })).toMatchObject({
    status: 409,
  })
  const now = (await second.get<CaseFull>(`/cases/${file.id}`)).body
  expect(await correct(second, { phone: '139' }, now.revision)).toMatchObject({ status: 200 })
  const after = (await second.get<CaseFull>(`/cases/${file.id}`)).body
  expect(after.form).toMatchObject({ contact: '谢宁', phone: '139' })
  expect(after.events.filter(e => e.verb === 'correct')).toHaveLength(2)
  expect(await correct(first, { phone: '' }, after.revision)).toMatchObject({ status: 400, body: { field: 'phone' } })
  expect(await correct(person('engineer'), { phone: '1' }, after.revision)).toMatchObject({ status: 403 })
})
