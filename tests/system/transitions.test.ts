import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CaseFull } from '#api/models'
import { type Role, roles } from '#api/rights'
import { procedures } from '../../console/procedures/all.ts'
import { type Field, holds, type Procedure, type Transition } from '../../console/procedures/definition.ts'
import { demoUserOf, type Person, signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'

const start = Date.parse('2026-11-23T10:00:00+08:00')
let stack: Stack
const people = new Map<Role, Person>()
beforeAll(async () => {
  stack = await startStack({ at: new Date(start).toISOString(), only: ['broker', 'console'] })
  for (const role of roles) people.set(role, await signIn(stack.url, demoUserOf[role]))
})
afterAll(() => stack?.stop())
const person = (role: Role): Person => people.get(role) as Person

/** Something that a field takes. */
const sample = (f: Field): unknown => {
  if (f.kind === 'time') return start + 3_600_000
  if (f.kind === 'flag') return false
  if (f.kind === 'unit') return 'f7-e'
  return f.choices?.[0]?.value ?? '示例'
}
const samples = (fields: readonly Field[] = []) => Object.fromEntries(fields.map(f => [f.key, sample(f)]))

/** The verbs that lead from the first state to another, by people, the shortest way. */
const wayTo = (p: Procedure, state: string): Transition[] | undefined => {
  const ways: [string, Transition[]][] = [[p.initial, []]]
  const seen = new Set([p.initial])
  for (const [at, way] of ways) {
    if (at === state) return way
    for (const t of p.transitions)
      if (t.from.includes(at) && !seen.has(t.to) && !t.when && t.by.some(r => r !== 'system')) {
        seen.add(t.to)
        ways.push([t.to, [...way, t]])
      }
  }
  return undefined
}
const byHand = procedures.filter(p => p.opens.length > 0 && !p.opening?.needs)

/** A new case of a procedure in a state, or undefined where its needs do not let people go there alone. */
const caseIn = async (p: Procedure, state: string): Promise<CaseFull | undefined> => {
  const opener = person(p.opens[0] as Role)
  const opened = await opener.post<CaseFull>('/cases', { procedure: p.id, form: samples(p.fields) })
  expect(opened, JSON.stringify(opened.body)).toMatchObject({ status: 200 })
  let file = opened.body
  for (const t of wayTo(p, state) ?? []) {
    const by = person(t.by.find(r => r !== 'system') as Role)
    const answer = await by.post<CaseFull>(`/cases/${file.id}/acts/${t.verb}`, samples(t.asks))
    if (answer.status === 409) return undefined
    expect(answer, `${p.id} ${t.verb}: ${JSON.stringify(answer.body)}`).toMatchObject({ status: 200 })
    file = answer.body
  }
  return file
}

describe.each(byHand.map(p => [p.id, p] as const))('%s', (_id, p) => {
  it('can be opened by those who may, and by nobody else', async () => {
    for (const role of roles) {
      const answer = await person(role).post<CaseFull>('/cases', { procedure: p.id, form: samples(p.fields) })
      expect(answer.status, role).toBe(p.opens.includes(role) ? 200 : 403)
    }
  })

  it('every step that the table allows is taken by every role that it names, and every other step is refused', async () => {
    let allowed = 0
    let forbidden = 0
    const verbs = [...new Set(p.transitions.map(t => t.verb))]
    for (const state of Object.keys(p.states)) {
      if (!wayTo(p, state)) continue
      const standing = await caseIn(p, state)
      if (!standing) continue
      for (const verb of verbs) {
        const t = p.transitions.find(x => x.verb === verb && x.from.includes(state) && holds(x.when, samples(p.fields)))
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
          // What it asks for is asked for, and nothing happens without.
          const required = (t.asks ?? []).filter(f => !f.schema.safeParse(undefined).success)
          if (required[0]) {
            const bare = await person(role).post(`/cases/${file.id}/acts/${verb}`, {})
            expect(bare, where).toMatchObject({ status: 400, body: { error: 'said-nothing', field: required[0].key } })
          }
          const answer = await person(role).post<CaseFull>(`/cases/${file.id}/acts/${verb}`, samples(t.asks))
          if (answer.status === 409) expect(t.needs, `${where}: ${answer.body.error}`).toBeDefined()
          else expect(answer, `${where} ${JSON.stringify(answer.body)}`).toMatchObject({ status: 200, body: { state: t.to } })
          allowed++
        }
      }
    }
    process.stdout.write(`${p.id}: ${allowed} allowed, ${forbidden} refused\n`)
    expect(allowed).toBeGreaterThanOrEqual(p.transitions.filter(t => !t.when && t.by.some(r => r !== 'system')).length - 1)
    expect(forbidden).toBeGreaterThan(allowed)
  }, 120_000)

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
  expect(await first.post(`/cases/${file.id}/acts/send`, { revision: file.revision })).toMatchObject({ status: 409 })
  const now = (await second.get<CaseFull>(`/cases/${file.id}`)).body
  expect(await correct(second, { phone: '139' }, now.revision)).toMatchObject({ status: 200 })
  const after = (await second.get<CaseFull>(`/cases/${file.id}`)).body
  expect(after.form).toMatchObject({ contact: '谢宁', phone: '139' })
  expect(after.events.filter(e => e.verb === 'correct')).toHaveLength(2)
  expect(await correct(first, { phone: '' }, after.revision)).toMatchObject({ status: 400, body: { field: 'phone' } })
  expect(await correct(person('engineer'), { phone: '1' }, after.revision)).toMatchObject({ status: 403 })
})
