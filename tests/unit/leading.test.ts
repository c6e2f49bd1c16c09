import { expect, it } from 'vitest'
import type { Manual } from '../../console/server/engine/chapter.ts'
import { answersAs, leadsNow } from '../../console/subjects/emergency/leading.ts'
import { openConsoleBooks } from '../harness/consoleBooks.ts'

const at = Date.parse('2026-11-24T10:00:00+08:00')

it('whoever took the shift over leads while he is here; who has gone home stops nobody', async () => {
  const desk = await openConsoleBooks(() => at)
  const people = [
    ['op', ['operator']],
    ['sup', ['supervisor']],
    ['sup2', ['supervisor']],
  ] as const
  await desk.books.write(async tx => {
    for (const [id, roles] of people) {
      const account = { id, name: id, display: id, post: 'none', roles_json: JSON.stringify(roles), password: '', active: 1 }
      await tx.insertInto('user_account').values(account).execute()
    }
  })
  const manual = { tookOver: async () => [{ at: at - 1, by: 'op', byId: 'op' }] } as unknown as Manual
  const leads = async (...present: string[]) =>
    (await leadsNow(desk.books.read, at, manual, new Set(present))).map(p => p.id).toSorted()
  expect(await leads('op', 'sup')).toEqual(['op'])
  expect(await leads('sup', 'sup2')).toEqual(['sup', 'sup2'])
  expect(await leads()).toEqual([])
  await desk.close()
})

it('one of whom nobody leads is answered in his stead; a step that names no post is that of whoever acts on alarms', () => {
  const manager = { id: 'm', postId: 'csm', roles: ['manager'] as const }
  const guard = { id: 'g', postId: 'guard', roles: ['guard'] as const }
  const finance = { id: 'f', postId: 'fin', roles: ['finance'] as const }
  expect(answersAs(['fd'], manager, [])).toBe('stand-in')
  expect(answersAs(['fd'], manager, [{ id: 'x' }])).toBeNull()
  expect(answersAs(['fd'], manager, [{ id: 'm' }])).toBe('lead')
  expect(answersAs(['lead'], manager, [{ id: 'm' }])).toBe('own')
  expect(answersAs(['guard'], guard, [{ id: 'x' }])).toBe('own')
  expect(answersAs(['fd'], guard, [])).toBeNull()
  expect(answersAs([], guard, [{ id: 'x' }])).toBe('own')
  expect(answersAs([], finance, [])).toBeNull()
})
