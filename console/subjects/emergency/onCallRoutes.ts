import { Refusal } from '#api/errors'
import type { Delivery, OnCallPage } from '#api/models/calls'
import type { Text } from '#api/words/text'
import type { Route } from '#program/httpApi'
import { hashOfToken } from '../../server/auth/proofs.ts'
import { audit } from '../../server/books/audit.ts'
import { personFilesIn } from '../../server/books/personFiles.ts'
import { accountsIn } from '../../server/books/persons.ts'
import { wordsIn } from '../../server/books/words.ts'
import { type Desk, routeOf, stationOf } from '../../server/desk/desk.ts'
import { caseOf } from '../../server/engine/cases/casesIn.ts'
import type { DeliveryRow } from '../../server/notify/deliveries.ts'
import { answerCall, declineCall, headIn, nextCalled, someone } from './callOuts.ts'
import { emergency } from './definition.ts'
import { goesOnAs } from './merging.ts'
import { postsIn } from './rows.ts'

/** What whoever was called reaches by the link of his message, asleep a minute ago and signed in nowhere: that emergency, and its answer. */
export const onCallRoutes = (desk: Desk): Route<undefined>[] => {
  const { read } = desk.books
  const called = async (token: string) => {
    const row = await read
      .selectFrom('delivery_link')
      .innerJoin('delivery', 'delivery.id', 'delivery_link.delivery')
      .selectAll('delivery')
      .where('delivery_link.token_hash', '=', hashOfToken(token))
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
    const call = await read.selectFrom('call_out').selectAll().where('case_id', '=', caseId).executeTakeFirst()
    const [next, steps, told, account, files] = await Promise.all([
      call ? nextCalled(read, desk, call, desk.wall()) : [],
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
      place: head.place === null ? null : desk.directory.placeName(head.place),
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
      next: next.filter(x => x.id !== row.person_id).map(x => ({ name: x.name, tel: x.tel })),
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
