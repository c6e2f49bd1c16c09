import { ulid } from 'ulid'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { User } from '#api/models/people'
import { textIn } from '#api/words/text'
import { noteRaised } from '../../console/server/agents/alarms/alarmBook.ts'
import type { Desk } from '../../console/server/desk/desk.ts'
import { reportDraft } from '../../console/subjects/emergency/reportDraft.ts'
import { type ConsoleBooks, openConsoleBooks } from '../harness/consoleBooks.ts'

const start = Date.parse('2026-11-24T10:00:00+08:00')
let desk: ConsoleBooks
let now: number
beforeEach(async () => {
  now = start
  desk = await openConsoleBooks(() => now)
})
afterEach(() => desk.close())
const person = (display: string) => ({ id: display, display, station: 'test' })
const manager = { id: 'm', name: 'm', display: '林峰', roles: ['manager'], postId: 'csm' } as unknown as User
const draft = async (number: string) => reportDraft({ ...desk, wall: () => now } as unknown as Desk, number, manager)

it('begins with what the books know: what came, who did what when, what was late, what was left out, how it stands', async () => {
  const fact = {
    ...{ id: ulid(), key: 'fp/1', level: 1 as const, kind: 'fire' as const, device: null, point: null, place: 'c12' },
    ...{ name: { zh: '12F 东感烟 3 火警', en: '12F smoke' }, raisedAt: now, value: true, limit: true, unverifiedSince: null },
  }
  await desk.unit(person('system'), work => noteRaised(work, desk.reactions, 'edge', fact))
  const { id, number } = await desk.books.read
    .selectFrom('case_file')
    .select(['id', 'number'])
    .where('procedure', '=', 'emergency')
    .executeTakeFirstOrThrow()
  now += 40_000
  await desk.unit(person('system'), work => desk.emergencies.steps.overdue(work, { case_id: id, n: 1 }))
  await desk.unit(person('何敏'), async work => {
    await desk.emergencies.steps.tick(work, id, 1, 'own')
    await desk.emergencies.steps.setAside(work, id, 7, '误报，不来车')
  })
  const text = textIn('zh', await draft(number)).split('\n')
  expect(text[0]).toBe(`2026-11-24 10:00，12F 防火分区，12F 东感烟 3 火警（${number}）。`)
  expect(text[1]).toBe('报警 1 条：12F 东感烟 3 火警。')
  expect(text).toContain('1. 接警，消音，看图核位置：何敏 10:00 完成，超时')
  expect(text).toContain('7. 引导消防车：没有做，误报，不来车（何敏）')
  expect(text).toContain('2. 到场核实火情：还没有完成')
  expect(text.slice(-2)).toEqual(['还在处置。', '原因、损失、改进：'])
  // The language is that of whoever reads it.
  expect(textIn('en', await draft(number))).toContain('Cause, damage, what to do better:')
  expect(await draft('EM-0').catch(e => e)).toMatchObject({ code: 'unknown-case' })
})
