import { ulid } from 'ulid'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Role } from '#api/rights'
import { textIn } from '#api/words/text'
import { noteRaised } from '../../console/server/agents/alarms/alarmBook.ts'
import { giveBack, putOff, setAside } from '../../console/server/agents/alarms/setAside.ts'
import { Suppressions } from '../../console/server/agents/alarms/suppressions.ts'
import { openJournalBook } from '../../console/server/agents/journal/journalBook.ts'
import { type Actor, audit, system } from '../../console/server/books/audit.ts'
import { textOf } from '../../console/server/books/words.ts'
import type { Desk } from '../../console/server/desk/desk.ts'
import { shelveMost3 } from '../../console/subjects/alarms/settings.ts'
import { ledgerOf } from '../../console/subjects/overrides/ledger.ts'
import { remindOfEnds } from '../../console/subjects/overrides/reminder.ts'
import { overrides } from '../../console/subjects/overrides/subject.ts'
import { type ConsoleBooks, openConsoleBooks } from '../harness/consoleBooks.ts'

const hour = 3_600_000
const agent = 'tower'
let desk: ConsoleBooks
let now: number
let book: Suppressions
const engineer: Actor = { id: 'u-zhou', display: '周强', station: 'desk' }
beforeEach(async () => {
  now = Date.parse('2026-11-24T10:00:00+08:00')
  desk = await openConsoleBooks(() => now)
  book = new Suppressions([], () => now)
})
afterEach(() => desk.close())

const ledger = (roles: readonly Role[] = ['manager']) =>
  ledgerOf({ ...desk, suppressions: book } as unknown as Desk, { roles: [...roles] })
const raise = async (key: string, device: string) => {
  const fact = {
    ...{ id: ulid(), key, level: 3 as const, kind: 'equipment' as const, device, point: null, place: 'f5-w' },
    ...{ name: { zh: '过滤网压差高', en: 'filter' }, raisedAt: now, value: 260, limit: 250, unverifiedSince: null },
  }
  await desk.unit(system, work => noteRaised(work, desk.reactions, agent, fact))
  return desk.books.read.selectFrom('alarm').selectAll().where('id', '=', fact.id).executeTakeFirstOrThrow()
}

it('names all that people have changed, what it was before and is, who and why, the first to end first', async () => {
  const row = await raise('ahu-1/filter', 'ahu-1')
  const ask = { kind: 'out-of-service' as const, until: now + 9 * hour, why: '断线', wholeDevice: true }
  await desk.unit(engineer, work => setAside(book, work, row, ask))
  const sender = desk.site.agents[0]?.id ?? ''
  desk.mirror.onHolders(sender, {
    point: 'ahu-1/fan_cmd',
    array: {
      relinquishDefault: false,
      holders: [
        {
          level: 8,
          value: true,
          causes: [{ id: 'u-li', what: { zh: '李工：试机', en: '李工: test run' } }],
          since: now,
          until: now + hour,
        },
        {
          level: 15,
          value: false,
          causes: [{ id: 'programme', what: { zh: '日程', en: 'programme' } }],
          since: now,
          until: now + hour,
        },
      ],
    },
    wantedButHeld: false,
    withheld: null,
  })
  await desk.unit(engineer, work => desk.rules.set(work, shelveMost3.key, 60, '试一周'))
  await desk.rules.reload(desk.books.read)
  expect((await ledger(['operator'])).map(o => o.kind)).toEqual(['hold', 'out-of-service'])
  const all = await ledger()
  expect(all.map(o => [o.kind, textIn('zh', o.before), textIn('zh', o.now), o.by, textIn('zh', o.why), o.until])).toEqual([
    ['hold', '停', '启', '李工', '试机', now + hour],
    ['out-of-service', '报警', '停用', '周强', '断线', now + 9 * hour],
    ['setting', '480 min', '60 min', '周强', '', null],
  ])
  expect(all[0]?.byIds).toEqual(['u-li'])
})

it('whoever set it aside is reminded once before it ends; somebody else may let it last longer, and he is told', async () => {
  const row = await raise('ahu-1/filter', 'ahu-1')
  const short = await raise('ahu-2/filter', 'ahu-2')
  const ask = { kind: 'shelved' as const, why: '待校准', wholeDevice: false }
  await desk.unit(engineer, work => setAside(book, work, row, { ...ask, until: now + 2 * hour }))
  await desk.unit(engineer, work => setAside(book, work, short, { ...ask, until: now + hour / 10 }))
  const remind = () => remindOfEnds({ ...desk, wall: () => now, suppressions: book } as unknown as Desk)
  const told = async (kind: string) =>
    (await desk.books.read.selectFrom('notice').selectAll().where('kind', '=', kind).orderBy('at').execute()).map(n => [
      n.roles_json,
      textIn('zh', textOf(n.text_json)),
    ])
  // What was set aside for six minutes needs no word ten minutes before.
  await remind()
  expect(await told('ends-soon')).toEqual([])
  now += 111 * 60_000
  await remind()
  await remind()
  const first = ['["user:u-zhou"]', '过滤网压差高「不响」12:00 到期，届时自行交还']
  expect(await told('ends-soon')).toEqual([first])
  const id = book.rows.find(r => r.key === row.key)?.id ?? ''
  await desk.unit({ id: 'u-li', display: '李工', station: 'desk' }, work => putOff(book, work, id, now + hour))
  expect(await told('given-back')).toEqual([['["user:u-zhou"]', '李工 改了您搁置（停用）的期限：过滤网压差高']])
  expect(book.rows.find(r => r.id === id)).toMatchObject({ until: now + hour, by_id: 'u-zhou' })
  await remind()
  expect(await told('ends-soon')).toHaveLength(1)
  now += 51 * 60_000
  await remind()
  expect(await told('ends-soon')).toHaveLength(2)
  // Its old end has come; whoever looked before it was put off does not end it.
  await desk.unit(system, work => giveBack(book, work, desk.reactions, id))
  expect(book.rows.some(r => r.id === id)).toBe(true)
  await desk.unit(engineer, work => giveBack(book, work, desk.reactions, id))
  await expect(desk.unit(engineer, work => putOff(book, work, id, now + hour))).rejects.toThrow('not-set-aside')
})

it('a linkage test stands in it with who began it and until when; what is given back is gone from it and from the handover', async () => {
  const compartment = desk.site.compartments[0]?.id ?? ''
  const act = { kind: 'begin-test', compartment, until: now + hour }
  const begin = async (reason: string, step: string, at: number) => {
    await desk.unit(engineer, work => audit(work.tx, at, engineer, 'command-begin-test', 'fp/x', { act, reason }))
    const none = { value_json: 'null', level: 2, until: null, reason: null, read_json: null, steps_json: '[]', causes_json: '[]' }
    const command = {
      id: ulid(),
      agent,
      point: 'fp/x',
      kind: 'begin-test',
      by_json: '{}',
      user_id: engineer.id,
      at,
      step,
      ...none,
    }
    await desk.books.write(tx => tx.insertInto('command').values(command).execute())
  }
  await begin('季度试验', 'confirmed', now)
  // Asked for and refused: of the test that is on it says nothing.
  await begin('误按', 'refused', now + 1)
  await raise(`test/${compartment}`, 'fp')
  const row = await raise('ahu-1/filter', 'ahu-1')
  const ask = { kind: 'shelved' as const, until: now + 2 * hour, why: '待校准', wholeDevice: false }
  await desk.unit(engineer, work => setAside(book, work, row, ask))
  const handed = async () =>
    (await overrides.handsOver?.({ ...desk, live: undefined, db: desk.books.read, at: now } as never)) ?? []
  expect((await ledger()).map(o => [o.kind, o.until, textIn('zh', o.why)])).toEqual([
    ['test', now + hour, '季度试验'],
    ['shelved', now + 2 * hour, '待校准'],
  ])
  expect((await handed()).map(d => [d.kind, textIn('zh', d.text)])).toEqual([
    ['hold', '过滤网压差高 搁置至 11-24 12:00，周强：待校准'],
  ])
  await desk.unit(engineer, work => giveBack(book, work, desk.reactions, book.rows[0]?.id ?? ''))
  expect((await ledger()).map(o => o.kind)).toEqual(['test'])
  expect(await handed()).toEqual([])
})

it('whoever holds a point is told that somebody else has changed it once it is so, and not when it was only asked for', async () => {
  const journal = openJournalBook({ unit: desk.unit, reactions: desk.reactions, mono: () => 0 })
  const journalId = ulid()
  const point = 'ahu-1/fan_cmd'
  let n = 0
  const order = async (id: string, user: string, kind: 'hold' | 'release') => {
    now += 1000
    const none = { reason: null, read_json: null, steps_json: '[]', causes_json: '[]' }
    const by = {
      by_json: JSON.stringify({ zh: user, en: user }),
      user_id: user,
      at: now,
      until: kind === 'hold' ? now + hour : null,
    }
    const command = { id, agent, point, value_json: 'true', level: 8, kind, step: 'sent', ...by, ...none }
    await desk.books.write(tx => tx.insertInto('command').values(command).execute())
  }
  const told = async () =>
    (await desk.books.read.selectFrom('notice').select('roles_json').where('kind', '=', 'overruled').execute()).map(
      x => x.roles_json,
    )
  const says = (id: string, step: 'confirmed' | 'refused') => {
    const body = {
      type: 'command',
      at: now,
      id,
      point,
      step,
      value: true,
      level: 8,
      causes: [],
      reason: null,
      sinceAcceptedMs: 5,
    }
    return journal.ingest(agent, { journalId, records: [{ n: ++n, body }] })
  }
  await order('a', 'u-li', 'hold')
  await says('a', 'confirmed')
  await order('b', 'u-zhou', 'hold')
  await says('b', 'refused')
  expect(await told()).toEqual([])
  await order('c', 'u-zhou', 'release')
  await says('c', 'confirmed')
  expect(await told()).toEqual(['["user:u-li"]'])
  // His own, and what is over, concern nobody.
  await order('d', 'u-zhou', 'hold')
  await says('d', 'confirmed')
  await order('e', 'u-zhou', 'release')
  await says('e', 'confirmed')
  expect(await told()).toHaveLength(1)
})
