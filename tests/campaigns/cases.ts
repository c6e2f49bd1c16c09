import { join } from 'node:path'
import type { CaseFull } from '#api/models/cases'
import type { Role } from '#api/rights'
import { openMoment } from '#store/openStore'
import { faultText, proveBooks } from '../../console/server/books/chain/proveBooks.ts'
import type { Books } from '../../console/server/books/schema.ts'
import type { Transition } from '../../console/server/engine/definition.ts'
import { procedures } from '../harness/manual.ts'
import { demoUserOf, type Person, signIn } from '../harness/person.ts'
import { samplesOf } from '../harness/samples.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'
import { dice } from './dice.ts'

export type CaseFigures = { seed: number; kills: number; asked: number; unanswered: number; cases: number; trouble: string[] }

const start = Date.parse('2026-11-23T10:00:00+08:00')
const hour = 3_600_000
const roles: readonly Role[] = ['front-desk', 'supervisor', 'engineer', 'manager']
/** A step that was asked for, by a mark that stands in its words, and what became of it as far as the asker knows. */
type Asked = { mark: string; case: string | null; verb: string; done: boolean | 'unknown' }

/**
 * kill -9 of the console at random moments while people open cases and take steps of them, some of which cause others
 * (orders, visits, corrective reports, bookings in the programme); then the books are held against what was answered:
 * every answered step once, every unanswered one once or not at all, with all that it causes; numbers without a gap.
 */
export const caseCampaign = async (o: { kills: number; seed: number; say?: (line: string) => void }): Promise<CaseFigures> => {
  const chance = dice(o.seed)
  const stack = await startStack({ at: new Date(start).toISOString(), only: ['broker', 'console'] })
  try {
    const people = new Map<Role, Person>()
    for (const role of roles) people.set(role, await signIn(stack.url, demoUserOf[role]))
    const by = (role: Role) => people.get(role) as Person
    await by('manager').call('PUT', '/settings/complaint-limit', { value: 1440, reason: 'campaign' })
    const asked: Asked[] = []
    const known = new Set<string>()

    const ask = async (
      mark: string,
      caseId: string | null,
      verb: string,
      send: () => Promise<{ status: number; body: CaseFull }>,
    ) => {
      const step: Asked = { mark, case: caseId, verb, done: 'unknown' }
      asked.push(step)
      try {
        const answer = await send()
        step.done = answer.status === 200
        if (answer.status !== 200 && answer.status !== 409)
          throw new Error(`${verb}: ${answer.status} ${JSON.stringify(answer.body)}`)
        if (answer.status === 200) {
          step.case = answer.body.id
          known.add(answer.body.id)
          for (const l of answer.body.links) known.add(l.id)
        }
      } catch (error) {
        // The line broke: nobody knows.
        if (!(error instanceof TypeError)) throw error
      }
    }
    let marks = 0
    const openOne = async () => {
      const mark = `m${++marks}`
      const desk = by('front-desk')
      const kind = chance.below(4)
      if (kind === 0) {
        const from = start + marks * 24 * hour + 10 * hour
        const stretch = { zone: 'f12-e', from, to: from + hour }
        const quote = await desk
          .get<{ fen: number }>(`/overtime/quote?zone=f12-e&from=${from}&to=${stretch.to}`)
          .catch(() => undefined)
        if (!quote) return
        const form = { ...stretch, contact: mark, phone: '138', quotedFen: quote.body.fen }
        return ask(mark, null, 'open', () => desk.post('/cases', { procedure: 'overtime', form }))
      }
      if (kind === 3) {
        const question = {
          contact: '陈立',
          kind: 'opinion',
          category: 'facilities',
          content: mark,
          ...(chance.below(3) === 0 ? { answer: mark } : {}),
        }
        return ask(mark, null, 'open', () => desk.post('/cases', { procedure: 'enquiry', form: question }))
      }
      const form =
        kind === 1
          ? {
              address: 'f5-w',
              content: mark,
              category: 'equipment',
              contact: '陈立',
              phone: '138',
              way: 'phone',
              major: chance.below(3) === 0,
            }
          : { address: 'f7-e', content: mark, contact: '谢宁', phone: '138', kind: 'repair' }
      return ask(mark, null, 'open', () => desk.post('/cases', { procedure: kind === 1 ? 'complaint' : 'repair', form }))
    }
    const takeStep = async () => {
      const id = chance.pick([...known])
      const role = chance.pick(roles)
      const file = await by(role)
        .get<CaseFull>(`/cases/${id}`)
        .catch(() => undefined)
      if (file?.status !== 200) return
      const free = Object.entries(file.body.verbs).filter(([, blocked]) => blocked === null)
      if (free.length === 0) return
      const [verb] = chance.pick(free)
      const t = procedures.find(p => p.id === file.body.procedure)?.transitions.find(x => x.verb === verb) as Transition
      const mark = `m${++marks}`
      const words = samplesOf(t.asks, start + 24 * hour, mark)
      for (const f of t.asks?.filter(x => x.kind === 'case') ?? []) {
        const other = await by(role).get<CaseFull>(`/cases/${chance.pick([...known])}`)
        if (other.body.id === id || other.body.procedure !== file.body.procedure) return
        words[f.key] = other.body.number
      }
      await ask(mark, id, verb, () => by(role).post(`/cases/${id}/acts/${verb}`, words))
    }
    const something = () => (known.size === 0 || chance.below(4) === 0 ? openOne() : takeStep())

    for (let k = 0; k < o.kills; k++) {
      for (let n = chance.below(6); n > 0; n--) await something()
      const before = asked.length
      let over = false
      const inFlight = Promise.all([something(), something()]).finally(() => {
        over = true
      })
      // Only what has been sent can be cut off.
      await until('something to be under way', () => over || asked.length > before)
      await new Promise(done => setTimeout(done, chance.below(30)))
      await stack.kill('console')
      await inFlight
      await stack.start('console')
      if ((k + 1) % 10 === 0) o.say?.(`${k + 1} kills`)
    }
    for (let n = 0; n < 20; n++) await something()
    await until('what was promised to the outside to be kept', () => nothingPromised(stack))
    await stack.kill('console', 'SIGTERM')
    const { cases, trouble } = await compare(stack, asked)
    const unanswered = asked.filter(a => a.done === 'unknown').length
    return { seed: o.seed, kills: o.kills, asked: asked.length, unanswered, cases, trouble }
  } finally {
    await stack.stop()
  }
}

const nothingPromised = async (stack: Stack) => {
  const { read, close } = await openMoment<Books>(join(stack.data, 'console', 'books.db'))
  const open = await read.selectFrom('outbox').select('id').where('done_at', 'is', null).execute().finally(close)
  return open.length === 0
}

/** Holds the books against what was asked; each disagreement is a line of trouble. */
const compare = async (stack: Stack, asked: readonly Asked[]) => {
  const { read: db, close } = await openMoment<Books>(join(stack.data, 'console', 'books.db'))
  const trouble: string[] = []
  const check = (holds: boolean, what: string) => {
    if (!holds) trouble.push(what)
  }
  try {
    const [files, history, links, bookings, notices, found, counters, outbox, programmes] = await Promise.all([
      db.selectFrom('case_file').selectAll().execute(),
      db.selectFrom('history').selectAll().orderBy('record').orderBy('n').execute(),
      db.selectFrom('case_link').selectAll().execute(),
      db.selectFrom('booking').selectAll().execute(),
      db.selectFrom('notice').selectAll().execute(),
      db.selectFrom('search_index').select('record').execute(),
      db.selectFrom('counter').selectAll().execute(),
      db.selectFrom('outbox').selectAll().where('done_at', 'is', null).execute(),
      db.selectFrom('programme_revision').selectAll().orderBy('revision', 'desc').limit(1).execute(),
    ])
    const { faults } = await proveBooks(db)
    check(faults.length === 0, `the books do not prove themselves: ${faults.map(faultText).join('; ')}`)

    // Each step once, in the state that its history says.
    const openedAs = (mark: string) =>
      files.filter(f => {
        const form = JSON.parse(f.form_json)
        return f.procedure === 'overtime' ? form.contact === mark : form.content === mark
      }).length
    for (const a of asked) {
      const steps = history.filter(h => h.record === a.case && h.verb === a.verb).length
      const tries = asked.filter(x => x.case === a.case && x.verb === a.verb && x.done !== false)
      const sure = tries.filter(x => x.done === true).length
      if (a.case !== null && a.verb !== 'open')
        check(
          steps >= sure && steps <= tries.length,
          `${a.case} ${a.verb}: ${steps} in the books, ${sure} answered of ${tries.length}`,
        )
      if (a.verb !== 'open') continue
      const n = openedAs(a.mark)
      check(a.done === 'unknown' ? n <= 1 : n === (a.done ? 1 : 0), `opened ${n} times with ${a.mark}, answered ${a.done}`)
    }
    for (const f of files) {
      const mine = history.filter(h => h.record === f.id)
      const last = mine.filter(h => h.to_state !== null).at(-1)
      check(last?.to_state === f.state, `${f.number} is ${f.state}, its history ends in ${last?.to_state}`)
      check(mine.filter(h => h.verb === 'open').length === 1, `${f.number} was opened more than once`)
      check(mine.filter(h => h.from_state !== null).length === f.revision, `${f.number}: revision ${f.revision}`)
      check(found.filter(x => x.record === f.id).length === 1, `${f.number} cannot be found`)
    }
    // What steps cause happened with them, once.
    const of = (id: string, relation: string) => links.filter(l => l.from_case === id && l.relation === relation)
    const fileOf = (id: string) => files.find(f => f.id === id)
    for (const f of files.filter(x => x.procedure === 'complaint')) {
      const form = JSON.parse(f.form_json)
      check(
        of(f.id, 'corrective').length === (form.major ? 1 : 0),
        `${f.number}: corrective reports ${of(f.id, 'corrective').length}`,
      )
      const answered = history.some(h => h.record === f.id && ['answer', 'invalid'].includes(h.verb))
      const visits = of(f.id, 'visit')
      check(visits.length > 0 === answered, `${f.number}: ${visits.length} visits, answered ${answered}`)
      check(visits.filter(v => fileOf(v.to_case)?.ended_at === null).length <= 1, `${f.number}: two visits at once`)
    }
    for (const f of files.filter(x => x.procedure === 'corrective')) {
      const told = notices.filter(n => n.record === f.id && n.kind === 'major').length
      check(told === 1, `${f.number}: the leaders were told ${told} times`)
    }
    for (const f of files) {
      const mine = history.filter(h => h.record === f.id && h.verb === 'merge').length
      const into = of(f.id, 'merged')
      check(
        into.length === mine && mine === (f.state === 'merged' ? 1 : 0),
        `${f.number}: merged ${mine} times into ${into.length}`,
      )
      const said = history.filter(h => h.record === f.id && h.verb === 'merged-in').length
      const took = links.filter(l => l.to_case === f.id && l.relation === 'merged').length
      check(said === took, `${f.number}: took ${took} in, says ${said}`)
    }
    const booked = new Set(JSON.stringify(programmes[0]?.body_json ?? '').match(/OT-\d+-\d+/g) ?? [])
    for (const f of files.filter(x => x.procedure === 'overtime')) {
      const signed = history.filter(h => h.record === f.id && h.verb === 'sign').length
      const orders = of(f.id, 'order')
      check(orders.length === signed, `${f.number}: ${orders.length} orders, signed ${signed} times`)
      const rows = bookings.filter(b => b.case_id === f.id)
      check(
        rows.length === 1 && rows[0]?.live === (f.state === 'cancelled' ? 0 : 1),
        `${f.number}: its booking is not as its state`,
      )
      if (f.state === 'cancelled')
        check(
          orders.every(l => fileOf(l.to_case)?.ended_at !== null),
          `${f.number}: withdrawn, its order goes on`,
        )
      const near = JSON.parse(f.form_json).from < start + 30 * 24 * hour
      if (near)
        check(booked.has(f.number) === (f.state === 'signed'), `${f.number} ${f.state}: in the programme ${booked.has(f.number)}`)
    }
    for (const c of counters) {
      const mine = files.filter(f => f.procedure === c.procedure).map(f => Number(f.number.split('-')[2]))
      if (mine.length === 0) continue
      check(
        JSON.stringify(mine.toSorted((a, b) => a - b)) === JSON.stringify(mine.map((_, i) => i + 1)),
        `${c.procedure}: numbers have a gap`,
      )
      check(mine.length === c.n, `${c.procedure}: the counter stands at ${c.n} of ${mine.length}`)
    }
    check(outbox.length === 0, `${outbox.length} promises to the outside are open`)
    return { cases: files.length, trouble: [...new Set(trouble)] }
  } finally {
    await close()
  }
}
