import { Refusal } from '#api/errors'
import type { CallOut, ChannelsView, Delivery, OnCallPage } from '#api/models/calls'
import { say, type Text } from '#api/words/text'
import type { Route } from '#program/httpApi'
import { audit } from '../../server/books/audit.ts'
import { personFilesIn } from '../../server/books/personFiles.ts'
import { accountsIn, writtenName } from '../../server/books/persons.ts'
import { textOf, wordsIn } from '../../server/books/words.ts'
import { type Asker, type Desk, deskRoute, routeOf, stationOf } from '../../server/desk/desk.ts'
import { caseOf } from '../../server/engine/cases/casesIn.ts'
import { channelHealth, type DeliveryRow, enqueue, hashOf } from '../../server/notify/deliveries.ts'
import { answerCall, declineCall, headIn, someone } from './callOuts.ts'
import { emergency } from './definition.ts'
import { goesOnAs } from './merging.ts'
import { postsIn } from './rows.ts'

const mostLatest = 50

const deliveryOf = (r: DeliveryRow): Delivery => ({
  id: r.id,
  step: r.step,
  channel: r.channel,
  person: r.person,
  state: r.state as Delivery['state'],
  tries: r.tries,
  madeAt: r.made_at,
  acceptedAt: r.accepted_at,
  why: r.why,
})

/** Channels with their state, their tests, and how far the call for an emergency has come. */
export const callRoutes = (desk: Desk): Route<Asker>[] => {
  const { read } = desk.books
  const view = async (): Promise<ChannelsView> => {
    const { channels, calls } = desk.directory.site
    const [latest, accounts, files, posts, health] = await Promise.all([
      read.selectFrom('delivery').selectAll().orderBy('made_at', 'desc').limit(mostLatest).execute(),
      accountsIn(read).where('user_account.active', '=', 1).orderBy('display').execute(),
      personFilesIn(read),
      read.selectFrom('post').select(['id', 'name_json']).execute(),
      Promise.all(channels.map(c => channelHealth(read, c.id))),
    ])
    return {
      channels: channels.map((c, i) => ({
        ...{ id: c.id, kind: c.kind, name: c.name, personal: c.kind === 'mail', perMinute: c.perMinute },
        ...{ waiting: health[i]?.waiting ?? 0, waitsSince: health[i]?.waitsSince ?? null },
        ...{ acceptedAt: health[i]?.acceptedAt ?? null, failedAt: health[i]?.failedAt ?? null, why: health[i]?.why ?? null },
      })),
      calls,
      posts: posts.map(p => ({ id: p.id, name: wordsIn(p.name_json) })),
      sounding: [...desk.sounding()],
      latest: latest.map(r => ({ ...deliveryOf(r), text: textOf(r.text_json) })),
      people: accounts.map(a => ({ id: a.id, name: writtenName(a), mail: files.get(a.id)?.mail ?? '' })),
    }
  }
  const test = async ({ actor }: Asker, id: string, person: string | null) => {
    const channel = desk.channels.get(id)
    if (!channel) throw new Refusal('unknown-channel', 'id')
    const account = person === null ? undefined : await accountsIn(read).where('user_account.id', '=', person).executeTakeFirst()
    const mail = account ? ((await personFilesIn(read)).get(account.id)?.mail ?? '') : ''
    if (channel.personal && mail === '') throw new Refusal('no-address', 'person')
    await desk.unit(actor, async work => {
      const to = account && channel.personal ? { id: account.id, name: writtenName(account) } : null
      const text = say.calls.test(actor.display)
      await enqueue(work, { caseId: null, step: null, channel: id, person: to, address: mail, mention: [], level: 4, text })
      await audit(work.tx, work.at, work.actor, 'channel-test', id, { person })
    })
  }
  const callOf = async (id: string): Promise<CallOut | null> => {
    const call = await read.selectFrom('call_out').selectAll().where('case_id', '=', id).executeTakeFirst()
    if (!call) return null
    const rows = await read
      .selectFrom('delivery')
      .selectAll()
      .where('case_id', '=', id)
      .orderBy('made_at')
      .orderBy('id')
      .execute()
    return {
      ...{ level: call.level, begunAt: call.begun_at, step: call.step, nextAt: call.next_at },
      ...{ answeredAt: call.answered_at, answeredBy: call.answered_by, etaMin: call.eta_min },
      deliveries: rows.map(deliveryOf),
    }
  }
  return [
    deskRoute('GET /channels', view),
    deskRoute('POST /channels/:id/test', ({ params, body, who }) => test(who, params.id, body.person)),
    deskRoute('GET /cases/:id/call', async ({ params, who }) => {
      await desk.engine.seen(read, params.id, who.user)
      return callOf(params.id)
    }),
    deskRoute('POST /cases/:id/call/answer', ({ params, body, who }) =>
      desk.unit(who.actor, async work => {
        await desk.engine.seen(work.tx, params.id, who.user)
        const taken = await answerCall(work, desk, params.id, someone(who.actor), body.etaMin)
        if (!taken) throw new Refusal('already-answered', 'id')
        await audit(work.tx, work.at, work.actor, 'call-answered', params.id, body)
      }),
    ),
  ]
}

/** What whoever was called reaches by the link of his message, asleep a minute ago and signed in nowhere: that emergency, and its answer. */
export const onCallRoutes = (desk: Desk): Route<undefined>[] => {
  const { read } = desk.books
  const called = async (token: string) => {
    const row = await read
      .selectFrom('delivery_link')
      .innerJoin('delivery', 'delivery.id', 'delivery_link.delivery')
      .selectAll('delivery')
      .where('delivery_link.token_hash', '=', hashOf(token))
      .orderBy('delivery.id')
      .executeTakeFirst()
    if (!row || row.case_id === null || row.person_id === '') throw new Refusal('unknown-link', 'token')
    const own = await headIn(read, row.case_id)
    // What was merged still burns, under the number of the other.
    const head = own?.state === 'merged' ? ((await goesOnAs(read, own.id)) ?? own) : own
    if (!head) throw new Refusal('unknown-link', 'token')
    return { row, head, caseId: head.id }
  }
  type Heard = { params: { token: string }; body: { etaMin: number | null }; request: Parameters<typeof stationOf>[0] }
  const actorOf = (row: DeliveryRow, request: Heard['request']) => ({
    id: row.person_id,
    display: row.person,
    station: stationOf(request),
  })
  const page = async ({ params }: Heard): Promise<OnCallPage> => {
    const { row, head, caseId } = await called(params.token)
    const [call, steps, told, account, files] = await Promise.all([
      read.selectFrom('call_out').selectAll().where('case_id', '=', caseId).executeTakeFirst(),
      read.selectFrom('case_step').selectAll().where('case_id', '=', caseId).orderBy('n').execute(),
      read
        .selectFrom('delivery')
        .selectAll()
        .where('case_id', '=', caseId)
        .where('person_id', '!=', '')
        .orderBy('made_at')
        .execute(),
      accountsIn(read).where('user_account.id', '=', row.person_id).executeTakeFirst(),
      personFilesIn(read),
    ])
    const { kind, level, title } = caseOf(emergency, head).form
    const { site } = desk.directory
    const others = new Map(told.filter(d => d.person_id !== row.person_id).map(d => [d.person_id, d]))
    return {
      site: site.name,
      timeZone: site.timeZone,
      level: level as OnCallPage['level'],
      title: title as Text,
      place: head.place === null ? null : placeWords(desk, head.place),
      number: head.number,
      openedAt: head.openedAt,
      now: desk.wall(),
      person: row.person,
      nextAt: call?.next_at ?? null,
      answeredBy: call?.answered_by ?? null,
      answeredByMe: call?.answered_by_id === row.person_id,
      over: head.endedAt !== null,
      steps: steps.map(s => ({
        n: s.n,
        text: wordsIn(s.text_json),
        withinS: s.within_s,
        done: s.done_at !== null || s.aside_at !== null,
        mine: account !== undefined && postsIn(s).includes(account.post),
      })),
      told: [...others.values()].map(d => ({
        name: d.person,
        state: d.state as Delivery['state'],
        tel: files.get(d.person_id)?.tel ?? '',
      })),
      contacts: site.plans.find(p => p.kind === kind)?.contacts ?? [],
    }
  }
  return [
    routeOf('GET /on-call/:token', page),
    routeOf('POST /on-call/:token/answer', async ({ params, body, request }: Heard) => {
      const { row, head, caseId } = await called(params.token)
      if (head.endedAt !== null) throw new Refusal('case-is-over', 'token')
      const actor = actorOf(row, request)
      await desk.unit(actor, async work => {
        if (!(await answerCall(work, desk, caseId, someone(actor), body.etaMin))) throw new Refusal('already-answered', 'token')
        await audit(work.tx, work.at, work.actor, 'call-answered', caseId, { ...body, link: true })
      })
    }),
    routeOf('POST /on-call/:token/cannot', async ({ params, request }: Heard) => {
      const { row, head, caseId } = await called(params.token)
      if (head.endedAt !== null) throw new Refusal('case-is-over', 'token')
      const actor = actorOf(row, request)
      await desk.unit(actor, async work => {
        await declineCall(work, desk, caseId, row.person)
        await audit(work.tx, work.at, work.actor, 'call-declined', caseId, { link: true })
      })
    }),
  ]
}

const placeWords = ({ directory }: Desk, place: string) => {
  const { compartments, zones, floors, devices } = directory.site
  return [...compartments, ...zones, ...floors, ...devices].find(x => x.id === place)?.name ?? { zh: place, en: place }
}
