import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { textIn } from '#api/words/text'
import { system } from '../../console/server/books/audit.ts'
import {
  answerPost,
  askPost,
  dueOf,
  latestChecks,
  nextAfter,
  openCheck,
  tellAbove,
} from '../../console/subjects/postChecks/checks.ts'
import { type ConsoleBooks, openConsoleBooks } from '../harness/consoleBooks.ts'

const minute = 60_000
const start = Date.parse('2026-11-24T03:00:00+08:00')
const person = (id: string) => ({ id, display: id, station: '10.0.0.7' })
let desk: ConsoleBooks
let now: number
beforeEach(async () => {
  now = start
  desk = await openConsoleBooks(() => now)
})
afterEach(() => desk.close())

const ask = (by = person('林峰')) => desk.unit(by, work => askPost(work, 10 * minute))
const open = async () => {
  const found = await openCheck(desk.books.read)
  if (!found) throw new Error('no check is open')
  return found
}
const answer = async (by: string) => {
  const { id } = await open()
  return desk.unit(person(by), work => answerPost(work, id))
}

describe('whether somebody is at his post', () => {
  it('is asked once at a time, and answered by whom and where', async () => {
    await ask()
    expect(await ask().catch(e => e)).toMatchObject({ code: 'check-open' })
    const { id, due_at } = await open()
    expect(due_at).toBe(start + 10 * minute)
    now += 3 * minute
    await answer('何敏')
    const [last] = await latestChecks(desk.books.read)
    expect(last).toMatchObject({ asked_by: '林峰', answered_by: '何敏', answered_at: now, station: '10.0.0.7', told_at: null })
    expect(await desk.unit(person('赵磊'), work => answerPost(work, id)).catch(e => e)).toMatchObject({
      code: 'already-answered',
    })
    expect(await desk.unit(person('赵磊'), work => answerPost(work, 'x')).catch(e => e)).toMatchObject({ code: 'unknown-check' })
    await ask()
  })

  it('is not answered by whoever has asked', async () => {
    await ask(person('王建国'))
    expect(await answer('王建国').catch(e => e)).toMatchObject({ code: 'about-oneself' })
    // The console itself asks in nobody's name.
    await answer('何敏')
    await ask(system)
    expect((await open()).asked_by).toBeNull()
    await answer('王建国')
  })

  it('that nobody answers is told upwards once; the answer that comes late stands as late', async () => {
    await ask(system)
    now += 11 * minute
    const row = await open()
    await desk.unit(system, work => tellAbove(work, row, '03:00'))
    await desk.unit(system, work => tellAbove(work, row, '03:00'))
    const notices = await desk.books.read.selectFrom('notice').selectAll().where('kind', '=', 'post-check').execute()
    expect(notices).toHaveLength(1)
    expect(textIn('zh', JSON.parse(notices[0]?.text_json ?? ''))).toBe('03:00 查岗没有人应答')
    expect(JSON.parse(notices[0]?.roles_json ?? '')).toEqual(['supervisor', 'manager', 'general-manager'])
    await answer('何敏')
    expect((await latestChecks(desk.books.read))[0]).toMatchObject({ answered_by: '何敏', told_at: now })
    // Answered in the moment in which it would be told: nobody is told.
    await ask(system)
    const next = await open()
    await answer('何敏')
    await desk.unit(system, work => tellAbove(work, next, '03:11'))
    expect(await desk.books.read.selectFrom('notice').select('id').where('kind', '=', 'post-check').execute()).toHaveLength(1)
  })

  it('its time begins anew with a start of the console: nobody could answer while it was down', () => {
    const row = { asked_at: start, due_at: start + 10 * minute }
    expect(dueOf(row, start - minute)).toBe(start + 10 * minute)
    expect(dueOf(row, start + 30 * minute)).toBe(start + 40 * minute)
  })

  it('by the console itself at a moment that nobody can foresee, between half of the time and one and a half', () => {
    const drawn = Array.from({ length: 500 }, () => nextAfter(0, 60 * minute))
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(30 * minute)
    expect(Math.max(...drawn)).toBeLessThan(90 * minute)
    expect(new Set(drawn).size).toBeGreaterThan(400)
  })
})
