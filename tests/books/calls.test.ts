import pino from 'pino'
import { ulid } from 'ulid'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Role } from '#api/rights'
import type { CallChain, SiteChannel } from '#contract/site'
import { noteAck } from '../../console/server/agents/alarms/acks.ts'
import { noteRaised } from '../../console/server/agents/alarms/alarmBook.ts'
import { hashOfToken } from '../../console/server/auth/proofs.ts'
import { system } from '../../console/server/books/audit.ts'
import { setPersonFile } from '../../console/server/books/personFiles.ts'
import type { Answer, Channel, Outgoing, Target } from '../../console/server/notify/channel.ts'
import { channelHealth, enqueue, minuteMs } from '../../console/server/notify/deliveries.ts'
import { openSender } from '../../console/server/notify/sender.ts'
import { onDutyAt, shiftAt } from '../../console/server/site/onDuty.ts'
import { answerCall, declineCall, nextCalled, stepCalls } from '../../console/subjects/emergency/callOuts.ts'
import { channelTest, channelTests, oweChannelTests } from '../../console/subjects/emergency/channelTests.ts'
import { type ConsoleBooks, openConsoleBooks } from '../harness/consoleBooks.ts'
import { demoSite } from '../harness/demoBuilding.ts'
import { until } from '../harness/wait.ts'

const midnight = Date.parse('2026-11-24T03:00:00+08:00')
const name = (zh: string) => ({ zh, en: zh })
const channels: SiteChannel[] = [
  { id: 'mail', kind: 'mail', name: name('邮件'), url: 'env:M', from: 'z@example.com', perMinute: 60 },
  { id: 'robot', kind: 'wecom', name: name('企业微信'), url: 'env:W', perMinute: 20 },
]
const calls: CallChain[] = [
  {
    level: 1,
    chain: [
      { afterS: 0, to: ['duty'], by: ['mail', 'robot'] },
      { afterS: 120, to: ['post:crs'], by: ['mail'] },
      { afterS: 300, to: ['post:csm'], by: ['mail'] },
    ],
  },
]
let desk: ConsoleBooks
let now: number
/** What left the house, and what the other side says next. */
let left: { channel: string; to: Target; message: Outgoing }[]
let answers: Record<string, Answer[]>
let opened: Map<string, Channel>
const accepted: Answer = { is: 'accepted', ref: '' }
const channelOf = (id: string, personal: boolean, perMinute: number): Channel => ({
  ...{ id, kind: personal ? ('mail' as const) : ('wecom' as const), personal, perMinute },
  async send(message, to) {
    left.push({ channel: id, to, message })
    return answers[id]?.shift() ?? accepted
  },
})

beforeEach(async () => {
  now = midnight
  left = []
  answers = {}
  opened = new Map([
    ['mail', channelOf('mail', true, 60)],
    ['robot', channelOf('robot', false, 20)],
  ])
  desk = await openConsoleBooks(() => now, undefined, undefined, { ...demoSite, channels, calls })
  const people: [string, string, Role[], string][] = [
    ['guo', 'fire-watch', ['operator'], '139-0000-1001'],
    ['zhao', 'guard', ['guard'], ''],
    ['chen', 'crs', ['supervisor'], ''],
    ['lin', 'csm', ['manager'], ''],
  ]
  for (const [id, post, roles, tel] of people) {
    await desk.books.write(async tx => {
      await tx
        .insertInto('post')
        .values({ id: post, name_json: JSON.stringify(name(post)), roles_json: JSON.stringify(roles) })
        .execute()
      await tx
        .insertInto('user_account')
        .values({ id, name: id, display: id, post, roles_json: '[]', password: '', active: 1 })
        .execute()
    })
    await desk.unit(system, work => setPersonFile(work, id, { tel, mail: `${id}@example.com`, languages: '', leave: [] }))
  }
})
afterEach(() => desk.close())

const parts = () => ({ ...desk, present: () => new Set<string>(), channels: opened })
const turn = () => stepCalls(desk.books.read, desk.unit, parts(), now)
const sender = () =>
  openSender({
    ...{ read: desk.books.read, unit: desk.unit, channels: opened, site: '云岭中心', publicUrl: 'https://console.example' },
    ...{ wall: () => now, log: pino({ level: 'silent' }) },
  })
const deliveries = () => desk.books.read.selectFrom('delivery').selectAll().orderBy('made_at').orderBy('id').execute()
const states = async () => (await deliveries()).map(d => `${d.channel} ${d.person_id || '-'} ${d.state}`)
const send = async () => {
  const s = await sender()
  await s.step()
  await s.settled()
}
/** A roster that is in force: these are on the night that began on that date. */
const roster = (date: string, shift: string, ids: readonly string[]) =>
  desk.books.write(async tx => {
    const id = ulid()
    await tx
      .insertInto('case_file')
      .values({
        ...{
          id,
          procedure: 'roster',
          version: 1,
          number: id,
          state: 'in-force',
          place: null,
          tenant: null,
          owner: '',
          owner_id: null,
        },
        ...{ department: 'security', handler: null, handler_id: null, opened_at: 0, changed_at: 0, ended_at: null, urgent: 0 },
        ...{ form_json: '{}', facts_json: '{}', revision: 0 },
      } as never)
      .execute()
    for (const person of ids)
      await tx.insertInto('roster_shift').values({ case_id: id, date, shift, person, person_id: person }).execute()
  })
const fire = async (key = 'fp/1') => {
  const fact = {
    ...{
      id: ulid(),
      key,
      level: 1 as const,
      kind: 'fire' as const,
      device: null,
      point: null,
      place: desk.site.compartments[0]?.id ?? '',
    },
    ...{ name: name('12F 火警'), raisedAt: now, value: true, limit: true, unverifiedSince: null },
  }
  await desk.unit(system, work => noteRaised(work, desk.reactions, 'tower', fact))
  const row = await desk.books.read.selectFrom('alarm').select('ticket').where('id', '=', fact.id).executeTakeFirstOrThrow()
  return { alarm: fact.id, ticket: row.ticket ?? '' }
}
const history = async (ticket: string) =>
  (await desk.books.read.selectFrom('history').select('verb').where('record', '=', ticket).orderBy('n').execute()).map(
    h => h.verb,
  )

describe('the roster of this minute', () => {
  it('is the night that began yesterday until service hours, and nobody who is on leave', async () => {
    const at = (clock: string) => shiftAt(desk.rules, desk.directory.calendar, Date.parse(`2026-11-24T${clock}:00+08:00`))
    expect(
      [at('03:00'), at('08:30'), at('17:29'), at('17:30'), at('20:59'), at('21:00')].map(s => `${s.date} ${s.shift}`),
    ).toEqual([
      '2026-11-23 night',
      '2026-11-24 day',
      '2026-11-24 day',
      '2026-11-24 evening',
      '2026-11-24 evening',
      '2026-11-24 night',
    ])
    await roster('2026-11-23', 'night', ['guo', 'zhao'])
    await roster('2026-11-24', 'night', ['chen'])
    await desk.unit(system, work =>
      setPersonFile(work, 'zhao', { tel: '', mail: '', languages: '', leave: [{ from: '2026-11-23', to: '2026-11-23' }] }),
    )
    const duty = await onDutyAt(desk.books.read, desk.rules, desk.directory.calendar, now)
    expect(duty.map(d => d.person_id)).toEqual(['guo'])
  })
})

describe('a fire at night with nobody at the desk', () => {
  it('calls whoever is on duty by every channel at once, then one after the other, until somebody has it', async () => {
    await roster('2026-11-23', 'night', ['guo', 'zhao'])
    const { ticket } = await fire()
    await turn()
    await send()
    expect(left.map(l => [l.channel, l.to.address])).toEqual(
      expect.arrayContaining([
        ['mail', 'guo@example.com'],
        ['mail', 'zhao@example.com'],
        ['robot', ''],
      ]),
    )
    expect(left).toHaveLength(3)
    const robot = left.find(l => l.channel === 'robot')
    expect(robot?.to.mention).toEqual(['13900001001'])
    expect(robot?.message.subject).toMatch(/^\[云岭中心\] 1 级 EM-.*12F 火警/)
    // In a group nobody could say who has answered: its link asks who it is.
    expect(robot?.message.link).toBe(`https://console.example/emergency/${ticket}`)
    expect(left.find(l => l.channel === 'mail')?.message.link).toMatch(/^https:\/\/console\.example\/on-call\/[\w-]{32}$/)
    now += 119_000
    await turn()
    expect(await states()).toEqual(expect.arrayContaining(['mail guo accepted', 'mail zhao accepted', 'robot - accepted']))
    now += 1000
    await turn()
    await send()
    expect(left.at(-1)?.to.address).toBe('chen@example.com')
    expect(await desk.unit(system, work => answerCall(work, desk, ticket, { id: 'chen', name: 'chen' }, 15))).toBe(true)
    expect(await desk.unit(system, work => answerCall(work, desk, ticket, { id: 'lin', name: 'lin' }, 15))).toBe(false)
    now += 600_000
    await turn()
    await send()
    expect(left).toHaveLength(4)
    expect(await states()).toContain('mail chen answered')
    expect(await history(ticket)).toEqual(expect.arrayContaining(['called-out', 'called-out', 'call-answered']))
  })
  it('goes on at once where nobody is to be called, and where whoever was called cannot', async () => {
    const { ticket } = await fire()
    opened.delete('robot')
    const next = async () => {
      const call = await desk.books.read.selectFrom('call_out').selectAll().executeTakeFirstOrThrow()
      return (await nextCalled(desk.books.read, parts(), call, now)).map(x => x.name)
    }
    // What the phone says comes next is what comes: nobody is on duty, so whoever follows.
    expect(await next()).toEqual(['chen'])
    await turn()
    expect(await history(ticket)).toContain('called-nobody')
    await turn()
    await send()
    expect(left.map(l => l.to.address)).toEqual(['chen@example.com'])
    await desk.unit(system, work => declineCall(work, desk, ticket, 'chen'))
    await turn()
    await send()
    expect(left.map(l => l.to.address)).toEqual(['chen@example.com', 'lin@example.com'])
    now += 3_600_000
    await turn()
    await turn()
    expect((await deliveries()).length).toBe(2)
  })
  it('is over for the sleepers once somebody has acknowledged at the desk; what still waits is not sent', async () => {
    await roster('2026-11-23', 'night', ['guo'])
    const { alarm } = await fire()
    await turn()
    await desk.unit({ id: 'zhao', display: 'zhao', station: 'desk' }, work => noteAck(work, desk.engine, alarm, now))
    await turn()
    await send()
    expect(left).toEqual([])
    expect(await states()).toEqual(expect.arrayContaining(['mail guo withdrawn', 'robot - withdrawn']))
    now += 600_000
    await turn()
    expect(await deliveries()).toHaveLength(2)
  })
  it('tells a second alarm of the same fire to nobody twice', async () => {
    await roster('2026-11-23', 'night', ['guo'])
    await fire()
    await turn()
    await fire('fp/2')
    await turn()
    await turn()
    expect(await deliveries()).toHaveLength(2)
  })
})

describe('a channel', () => {
  beforeEach(async () => {
    await roster('2026-11-23', 'night', ['guo'])
    await fire()
    await turn()
  })
  it('that fails is tried again with growing pauses, keeps nobody else waiting, and is known as dead', async () => {
    answers['mail'] = Array.from({ length: 20 }, () => ({ is: 'failed' as const, why: 'ECONNREFUSED' }))
    const when: number[] = []
    for (let s = 0; s < 120; s++) {
      const before = left.filter(l => l.channel === 'mail').length
      await send()
      if (left.filter(l => l.channel === 'mail').length > before) when.push(s)
      now += 1000
    }
    expect(when).toEqual([0, 5, 15, 35, 75])
    expect(left.filter(l => l.channel === 'robot')).toHaveLength(1)
    expect(await channelHealth(desk.books.read, 'mail')).toMatchObject({
      waiting: 1,
      tries: 5,
      why: 'ECONNREFUSED',
      acceptedAt: null,
    })
    // The same message every time, so that whoever gets it twice knows it.
    expect(new Set(left.filter(l => l.channel === 'mail').map(l => l.message.id)).size).toBe(1)
  })
  it('that says it is too much is left alone for its minute, and that does not count as a try', async () => {
    answers['robot'] = [{ is: 'limited', why: '45009' }]
    await send()
    now += minuteMs - 1
    await send()
    expect(left.filter(l => l.channel === 'robot')).toHaveLength(1)
    now += 1
    await send()
    expect(left.filter(l => l.channel === 'robot')).toHaveLength(2)
    expect((await deliveries()).find(d => d.channel === 'robot')).toMatchObject({ state: 'accepted', tries: 1 })
  })
  it('that refuses is given up at once', async () => {
    answers['mail'] = [{ is: 'refused', why: '550 no such user' }]
    await send()
    expect((await deliveries()).find(d => d.channel === 'mail')).toMatchObject({
      state: 'failed',
      why: '550 no such user',
      next_at: null,
    })
  })
  it('that is slow when the console dies gets the message once more under the same id, and the others none', async () => {
    let release: () => void = () => {}
    const gate = new Promise<void>(done => {
      release = done
    })
    const mail = opened.get('mail') as Channel
    const slow: Channel['send'] = async (message, to) => {
      left.push({ channel: 'mail', to, message })
      await gate
      return accepted
    }
    opened.set('mail', { ...mail, send: slow })
    const dying = await sender()
    await dying.step()
    await until('both to have gone', () => left.length === 2)
    await until('the robot to have answered', async () => (await states()).includes('robot - accepted'))
    // Another console begins where that one was cut off.
    opened.set('mail', mail)
    await send()
    expect(left.map(l => l.channel)).toEqual(expect.arrayContaining(['mail', 'robot', 'mail']))
    expect(left).toHaveLength(3)
    expect(new Set(left.filter(l => l.channel === 'mail').map(l => l.message.id)).size).toBe(1)
    release()
    await dying.close()
    expect((await deliveries()).every(d => d.state === 'accepted')).toBe(true)
  })
})

describe('what is on its way when somebody answers', () => {
  const has = (ticket: string) => desk.unit(system, work => answerCall(work, desk, ticket, { id: 'chen', name: 'chen' }, 5))
  const mails = () => left.filter(l => l.channel === 'mail')
  const slowMail = (during: (nth: number) => Promise<unknown> | undefined, answer: Answer = accepted) => {
    const mail = opened.get('mail') as Channel
    opened.set('mail', {
      ...mail,
      async send(message, to) {
        left.push({ channel: 'mail', to, message })
        await during(mails().length)
        return mails().length === 1 ? answer : accepted
      },
    })
  }

  it('is the last: what the channel had not begun yet stays here, withdrawn', async () => {
    await roster('2026-11-23', 'night', ['guo', 'zhao'])
    const { ticket } = await fire()
    await turn()
    slowMail(nth => (nth === 1 ? has(ticket) : undefined))
    await send()
    expect(mails()).toHaveLength(1)
    const mine = (await deliveries()).filter(d => d.channel === 'mail')
    expect(mine.map(d => d.state).toSorted()).toEqual(['accepted', 'withdrawn'])
  })

  it('does not go once more when its try fails', async () => {
    await roster('2026-11-23', 'night', ['guo'])
    const { ticket } = await fire()
    await turn()
    slowMail(() => has(ticket), { is: 'failed', why: 'closed' })
    await send()
    now += 10 * minuteMs
    await turn()
    await send()
    expect(mails()).toHaveLength(1)
    expect(await states()).toContain('mail guo withdrawn')
  })

  it('does not go once more after a crash either; what nobody has does, and each of its links opens', async () => {
    await roster('2026-11-23', 'night', ['guo'])
    const { ticket } = await fire()
    await turn()
    slowMail(nth => (nth <= 2 ? new Promise(() => {}) : undefined))
    const dies = async () => {
      await (await sender()).step()
      await until('it to be on its way', async () => (await states()).includes('mail guo sent'))
    }
    await dies()
    await until('the first to have gone', () => mails().length === 1)
    await dies()
    await until('the second to have gone', () => mails().length === 2)
    const links = mails().map(m => m.message.link ?? '')
    expect(new Set(links).size).toBe(2)
    const kept = await desk.books.read
      .selectFrom('delivery_link')
      .innerJoin('delivery', 'delivery.id', 'delivery')
      .select(['token_hash', 'channel'])
      .execute()
    for (const link of links) {
      const token = hashOfToken(link.split('/').at(-1) ?? '')
      expect(kept.some(k => k.token_hash === token && k.channel === 'mail')).toBe(true)
    }
    await has(ticket)
    await send()
    expect(mails()).toHaveLength(2)
  })

  it('of an emergency that is over nothing goes that still waits', async () => {
    await roster('2026-11-23', 'night', ['guo'])
    const { ticket } = await fire()
    await turn()
    await desk.books.write(tx => tx.updateTable('case_file').set({ ended_at: now }).where('id', '=', ticket).execute())
    await turn()
    await send()
    expect(left).toEqual([])
    expect(new Set((await deliveries()).map(d => d.state))).toEqual(new Set(['withdrawn']))
  })
})

describe('the tests of the channels', () => {
  const duties = () => desk.books.read.selectFrom('duty').selectAll().where('routine', '=', channelTest.id).execute()
  const owe = () => oweChannelTests({ directory: desk.directory, rules: desk.rules, unit: desk.unit, wall: () => now })()
  const count = async (period: string) => {
    const look = { ...desk.engine.around, db: desk.books.read, stretch: { from: 0, to: 1 }, period }
    return (await channelTests.count(look)).figures
  }
  const tried = (channel: string, at: number | null) =>
    desk.unit(system, async work => {
      await enqueue(work, { caseId: null, step: null, channel, person: null, address: '', mention: [], level: 4, text: '试' })
      await work.tx
        .updateTable('delivery')
        .set({ accepted_at: at, state: at === null ? 'failed' : 'accepted' })
        .where('channel', '=', channel)
        .execute()
    })

  it('are owed once each month, by its end, as long as there are channels', async () => {
    await owe()
    await owe()
    expect(await duties()).toMatchObject([{ period: '2026-11', limit_at: Date.parse('2026-11-30T17:30:00+08:00') }])
    now = Date.parse('2026-12-05T03:00:00+08:00')
    await owe()
    expect((await duties()).map(d => d.period)).toEqual(['2026-11', '2026-12'])
    const had = desk.site.channels.splice(0)
    now = Date.parse('2027-01-05T03:00:00+08:00')
    await owe()
    expect(await duties()).toHaveLength(2)
    desk.site.channels.push(...had)
  })

  it('count a channel that has taken one within the month, and no other', async () => {
    expect(await count('2026-11')).toEqual({ channelsTried: 0, channelsUntried: 2 })
    await tried('mail', now)
    await tried('robot', null)
    expect(await count('2026-11')).toEqual({ channelsTried: 1, channelsUntried: 1 })
    await tried('robot', Date.parse('2026-12-01T00:00:00+08:00'))
    expect(await count('2026-11')).toEqual({ channelsTried: 1, channelsUntried: 1 })
    expect(await count('2026-12')).toEqual({ channelsTried: 1, channelsUntried: 1 })
  })
})
