import { Refusal } from '#api/errors'
import type { CallOut, ChannelsView, Delivery } from '#api/models/calls'
import { say } from '#api/words/text'
import type { Route } from '#program/httpApi'
import { audit } from '../../server/books/audit.ts'
import { personFilesIn } from '../../server/books/personFiles.ts'
import { accountsIn, writtenName } from '../../server/books/persons.ts'
import { textOf, wordsIn } from '../../server/books/words.ts'
import { type Asker, type Desk, deskRoute } from '../../server/desk/desk.ts'
import { channelHealth, type DeliveryRow, enqueue } from '../../server/notify/deliveries.ts'
import { answerCall, someone } from './callOuts.ts'

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
