import type { CaseFull, CaseHead } from '#api/models/cases'
import type { fieldVoice } from '../harness/fieldVoice.ts'
import { type Person, signIn } from '../harness/person.ts'
import type { dice } from './dice.ts'
import type { House } from './emergencyHouse.ts'

/** What somebody asked for, and what became of it as far as he knows; `mark` stands in the line of the history that it leaves. */
type Asked = { verb: string; ticket: string | null; n: number | null; mark: string | null; done: boolean | 'unknown' }
type Raised = { id: string; returnedAt: number | null }

const names = ['operator', 'supervisor', 'manager'] as const
const floors = 20
/** From so many on, rather one is wound up than another looked at. */
const manyOpen = 8

/** People who have an emergency in hand, and a field that goes on raising others; whatever dies meanwhile. */
export const openActs = async (house: House, field: Awaited<ReturnType<typeof fieldVoice>>, chance: ReturnType<typeof dice>) => {
  const { stack } = house
  const people: Person[] = []
  for (const name of names) people.push(await signIn(stack.url, name))
  const [reader] = people as [Person]
  const asked: Asked[] = []
  const raised: Raised[] = []
  const trouble: string[] = []
  let marks = 0
  const marked = () => `m${++marks}`

  const ask = async (
    what: Pick<Asked, 'verb' | 'ticket'> & Partial<Pick<Asked, 'n' | 'mark'>>,
    send: () => Promise<{ status: number; body?: unknown }>,
  ) => {
    const one: Asked = { n: null, mark: null, ...what, done: 'unknown' }
    asked.push(one)
    try {
      const { status, body } = await send()
      one.done = status < 300
      // 404: a link that a later message has replaced.
      if (status >= 300 && status !== 409 && !(status === 404 && what.verb.startsWith('call-')))
        trouble.push(`${what.verb}: ${status} ${JSON.stringify(body)}`)
    } catch (error) {
      // The line broke: nobody knows.
      if (!(error instanceof TypeError)) throw error
    }
  }
  const byLink = (token: string, what: string, body?: object) =>
    fetch(`${stack.url}/api/on-call/${token}/${what}`, {
      method: 'POST',
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
  const somebody = () => chance.pick(people)
  const anyStep = (f: CaseFull) => chance.pick(f.steps).n
  const eta = () => ++marks % 240

  const acts = {
    tick(f: CaseFull) {
      const n = anyStep(f)
      return ask({ verb: 'step-done', ticket: f.id, n }, () => somebody().post(`/cases/${f.id}/steps/${n}/done`))
    },
    setAside(f: CaseFull, n = anyStep(f)) {
      const mark = marked()
      const path = `/cases/${f.id}/steps/${n}/set-aside`
      return ask({ verb: 'step-aside', ticket: f.id, n, mark }, () => somebody().post(path, { reason: mark }))
    },
    takeBack(f: CaseFull) {
      const n = f.steps.find(s => s.doneAt !== null || s.aside !== null)?.n ?? anyStep(f)
      const mark = marked()
      const path = `/cases/${f.id}/steps/${n}/take-back`
      return ask({ verb: 'step-taken-back', ticket: f.id, n, mark }, () => somebody().post(path, { reason: mark }))
    },
    async acknowledge(f: CaseFull, alarm = f.alarms.find(a => a.ackedAt === null)) {
      const mark = marked()
      if (alarm)
        await ask({ verb: 'alarm-acked', ticket: f.id, mark }, () => somebody().post(`/alarms/${alarm.id}/ack`, { note: mark }))
    },
    answer(f: CaseFull) {
      const etaMin = eta()
      const what = { verb: 'call-answered', ticket: f.id, mark: String(etaMin) }
      return ask(what, () => somebody().post(`/cases/${f.id}/call/answer`, { etaMin }))
    },
    /** On the telephone, by the link of a message. */
    async answerByLink(f: CaseFull) {
      const token = linkOf(f)
      const etaMin = eta()
      const what = { verb: 'call-answered', ticket: f.id, mark: String(etaMin) }
      if (token) await ask(what, () => byLink(token, 'answer', { etaMin }))
    },
    async decline(f: CaseFull) {
      const token = linkOf(f)
      if (token) await ask({ verb: 'call-declined', ticket: f.id }, () => byLink(token, 'cannot'))
    },
    async giveBack(f: CaseFull) {
      const alarm = f.alarms.find(a => a.returnedAt === null)
      if (alarm) giveBack(alarm.id)
    },
    async report() {
      const mark = marked()
      const report = { kind: chance.pick(['fire', 'intrusion']), place: `f${1 + chance.below(floors)}-w`, what: mark }
      await ask({ verb: 'note', ticket: null, mark }, () => somebody().post('/emergencies', report))
    },
    /** All that stands before its end, and its end; where the field's word is still on its way, it ends the next time. */
    async windUp(f: CaseFull) {
      for (const a of f.alarms) giveBack(a.id)
      for (const a of f.alarms) if (a.ackedAt === null) await acts.acknowledge(f, a)
      for (const s of f.steps) if (s.doneAt === null && s.aside === null) await acts.setAside(f, s.n)
      const mark = marked()
      const said = { outcome: chance.pick(['real', 'drill']), reason: mark }
      await ask({ verb: 'close', ticket: f.id, mark }, () => somebody().post(`/cases/${f.id}/acts/close`, said))
    },
  }
  const linkOf = (f: CaseFull) => chance.pick(house.arrived().filter(m => m.token !== null && m.numbers.has(f.number)))?.token
  const underway: Promise<unknown>[] = []
  const giveBack = (id: string) => {
    const mine = raised.find(r => r.id === id && r.returnedAt === null)
    if (!mine) return
    mine.returnedAt = stack.now()
    underway.push(field.returned(id, mine.returnedAt))
  }
  const mostly = [acts.tick, acts.tick, acts.tick, acts.setAside, acts.takeBack, acts.takeBack, acts.acknowledge, acts.giveBack]
  const all = [...mostly, acts.answer, acts.answerByLink, acts.decline, acts.decline, acts.report, acts.windUp]

  return {
    asked,
    raised,
    trouble,
    reader,
    /** An alarm that opens a ticket, or is taken up by the one of its place; the agent brings it to whichever console is there. */
    raise() {
      const kind = chance.pick(['fire', 'fire', 'intrusion'] as const)
      const place = `f${1 + chance.below(floors)}-${chance.pick(['w', 'e'])}`
      const at = stack.now()
      const alarm = field.factOf({ key: `campaign/${marked()}`, level: kind === 'fire' ? 1 : 2, kind, place }, at)
      raised.push({ id: alarm.id, returnedAt: null })
      underway.push(field.record({ type: 'alarm-raised', at, alarm }))
    },
    /** One thing that somebody does; nothing where nobody can. */
    async something() {
      try {
        const open = (await reader.get<CaseHead[]>('/cases?procedure=emergency&open=true&limit=500')).body
        if (open.length === 0) return
        const many = open.length > manyOpen
        // Those that have stood longest are wound up first.
        const { id } = many ? chance.pick(open.slice(manyOpen)) : chance.pick(open)
        const file = (await reader.get<CaseFull>(`/cases/${id}`)).body
        await (many && chance.below(2) > 0 ? acts.windUp : chance.pick(all))(file)
      } catch (error) {
        if (!(error instanceof TypeError)) throw error
      }
    },
    /** Resolves when the console has all that the field has said. */
    heard: () => Promise.all(underway),
  }
}
export type Acts = Awaited<ReturnType<typeof openActs>>

/** What was answered and is not there, and what is there and nobody has asked for. */
export const unkept = ({ asked, raised }: Pick<Acts, 'asked' | 'raised'>, files: readonly CaseFull[]): string[] => {
  const trouble: string[] = []
  const range = (found: number, sure: number, perhaps: number, what: string) => {
    if (found < sure || found > sure + perhaps)
      trouble.push(`${what}: ${found} in the books, ${sure} answered, ${perhaps} unanswered`)
  }
  const events = files.flatMap(f => f.events.map(e => ({ ...e, ticket: f.id })))
  const alike = (a: Asked, b: Asked) => a.verb === b.verb && a.ticket === b.ticket && a.n === b.n && a.mark === b.mark
  for (const a of asked) {
    const tries = asked.filter(b => alike(a, b))
    const found = events.filter(
      e =>
        e.verb === a.verb &&
        (a.ticket === null || e.ticket === a.ticket) &&
        (a.n === null || e.detail['n'] === a.n) &&
        (a.mark === null || e.note === a.mark || String(e.detail['etaMin']) === a.mark),
    )
    const of = (done: Asked['done']) => tries.filter(t => t.done === done).length
    range(found.length, of(true), of('unknown'), `${a.verb} ${a.n ?? ''} ${a.mark ?? ''} of ${a.ticket ?? 'a new ticket'}`)
  }
  const alarms = files.flatMap(f => f.alarms)
  for (const r of raised) {
    const mine = alarms.filter(a => a.id === r.id)
    range(mine.length, 1, 0, `alarm ${r.id}`)
    const noted = events.filter(e => e.verb === 'alarm' && e.detail['alarm'] === r.id)
    range(noted.length, 1, 0, `alarm ${r.id} on its ticket`)
    if (mine.some(a => a.returnedAt !== r.returnedAt)) trouble.push(`alarm ${r.id} has not returned when it did`)
  }
  return [...new Set(trouble)]
}
