import { describe, expect, it } from 'vitest'
import type { AlarmFact } from '#contract/alarm'
import { StandingPages } from '../../console/server/mirror/standingPages.ts'

const older = '01JD0000000000000000000001'
const newer = '01JE0000000000000000000001'
const alarm = (id: string, unverifiedSince: number | null = null): AlarmFact => ({
  id,
  key: `k/${id}`,
  level: 1,
  kind: 'fire',
  device: null,
  point: null,
  place: null,
  name: { zh: id, en: id },
  raisedAt: 1,
  value: true,
  limit: true,
  unverifiedSince,
})
const page = (revision: number, n: number, pages: number, ids: string[], session = older, upTo = 0, journalId = older) => ({
  session,
  revision,
  page: n,
  pages,
  journalId,
  upTo,
  alarms: ids.map(id => alarm(id)),
})

describe('standing alarms in pages: nothing is concluded from absence until a list is complete', () => {
  it('what is on a page stands at once; what is on none is over only when the last page is there, in whatever order they come', () => {
    const list = new StandingPages()
    expect(list.take(page(1, 2, 3, ['c']))).toMatchObject({ stand: [{ id: 'c' }], isOver: undefined })
    expect(list.take(page(1, 0, 3, ['a']))?.isOver).toBeUndefined()
    const isOver = list.take(page(1, 1, 3, ['b']))?.isOver
    for (const id of ['a', 'b', 'c']) expect(isOver?.(id), id).toBe(false)
    expect(isOver?.('d')).toBe(true)
  })
  it('page 2 of 3 lost: a fire that stands on it stays; the next revision that is complete tells', () => {
    const list = new StandingPages()
    expect(list.take(page(1, 0, 3, ['a']))?.isOver).toBeUndefined()
    expect(list.take(page(1, 2, 3, ['c']))?.isOver).toBeUndefined()
    expect(list.take(page(2, 0, 3, ['a']))?.isOver).toBeUndefined()
    expect(list.take(page(2, 1, 3, ['fire']))?.isOver).toBeUndefined()
    const isOver = list.take(page(2, 2, 3, []))?.isOver
    expect(isOver?.('fire')).toBe(false)
    expect(isOver?.('c')).toBe(true)
  })
  it('a page of an older revision says nothing, and pages of two revisions make no list', () => {
    const list = new StandingPages()
    list.take(page(5, 0, 2, ['a']))
    expect(list.take(page(4, 1, 2, ['x']))).toBeUndefined()
    expect(list.take(page(6, 1, 2, ['b']))?.isOver).toBeUndefined()
    expect(list.take(page(5, 1, 2, ['x']))).toBeUndefined()
    expect(list.take(page(6, 0, 2, ['a']))?.isOver).toBeDefined()
  })
  it('what is left over from a longer list does no harm, whether it comes first or last', () => {
    const last = new StandingPages()
    expect(last.take(page(9, 0, 1, ['a']))?.isOver?.('b')).toBe(true)
    expect(last.take(page(3, 2, 3, ['old']))).toBeUndefined()
    expect(last.take(page(9, 1, 1, ['old']))).toBeUndefined()
    expect(last.take(page(9, 0, 1, ['a']))?.isOver?.('old')).toBe(true)
    const first = new StandingPages()
    expect(first.take(page(3, 2, 3, ['old']))?.isOver).toBeUndefined()
    expect(first.take(page(9, 0, 1, ['a']))?.isOver?.('old')).toBe(true)
  })
  it('a new session begins anew, and its first pages end nothing; a page of the old one says nothing any more', () => {
    const list = new StandingPages()
    list.take(page(7, 0, 1, ['a']))
    expect(list.take(page(1, 0, 2, ['b'], newer))?.isOver).toBeUndefined()
    expect(list.take(page(8, 0, 1, [], older))).toBeUndefined()
    const isOver = list.take(page(1, 1, 2, [], newer))?.isOver
    expect(isOver?.('a')).toBe(true)
    expect(isOver?.('b')).toBe(false)
  })
  it('a session whose name is smaller, after a clock was put back, counts once the agent itself says so', () => {
    const list = new StandingPages()
    list.take(page(7, 0, 1, ['a'], newer))
    expect(list.take(page(1, 0, 1, ['b'], older))).toBeUndefined()
    list.onSession(older)
    expect(list.take(page(1, 0, 1, ['b'], older))?.isOver?.('a')).toBe(true)
  })
  it('an alarm that is raised while a list is on its way is not ended by it', () => {
    const list = new StandingPages()
    list.take(page(4, 0, 2, ['a'], older, 7))
    list.onJournal(older, 8)
    expect(list.take(page(4, 1, 2, [], older, 7))).toMatchObject({ current: false, isOver: undefined })
    expect(list.take(page(5, 0, 1, ['a'], older, 8))?.isOver?.('fresh')).toBe(true)
  })
  it('nor by a list that the broker had kept and that the record of the alarm has overtaken, be it the first of a session', () => {
    const list = new StandingPages()
    list.onJournal(older, 12)
    list.onSession(newer)
    expect(list.take(page(1, 0, 1, [], newer, 11))).toMatchObject({ current: false, isOver: undefined })
    expect(list.take(page(2, 0, 1, ['fire'], newer, 12))).toMatchObject({ stand: [{ id: 'fire' }], current: true })
  })
  it('asked late, a list says nothing of what was raised after it, whether the journal or a newer list told of it', () => {
    const list = new StandingPages()
    const first = list.take(page(1, 0, 1, ['a'], older, 3))?.isOver
    expect(first?.('gone')).toBe(true)
    list.onJournal(older, 4)
    expect(first?.('fire')).toBe(false)
    const second = list.take(page(2, 0, 1, ['a', 'fire'], older, 4))?.isOver
    expect(second?.('gone')).toBe(true)
    list.take(page(3, 0, 1, ['a', 'fire', 'late'], older, 4))
    expect(second?.('late')).toBe(false)
  })
  it('a list made after what the journal has told so far ends what it does not know, also of a journal with new numbers', () => {
    const list = new StandingPages()
    list.onJournal(older, 3000)
    expect(list.take(page(1, 0, 1, [], older, 5000))?.isOver?.('gone')).toBe(true)
    expect(list.take(page(2, 0, 1, [], older, 1, newer))?.isOver?.('gone')).toBe(true)
    list.onJournal(newer, 1)
    expect(list.take(page(3, 0, 1, [], older, 5000, older))?.isOver).toBeUndefined()
  })
  it('a mark "unverified since" is dropped by no page but its own, and with the whole list', () => {
    const list = new StandingPages()
    const marked = { ...page(1, 0, 2, []), alarms: [alarm('a', 500)] }
    expect(list.take(marked)?.marked).toEqual(['a'])
    expect(list.take(marked)?.marked).toEqual([])
    list.take(page(2, 1, 2, ['b']))
    expect(list.unverifiedSince('a')).toBe(500)
    expect(list.take(page(2, 0, 2, ['a']))?.marked).toEqual(['a'])
    expect(list.unverifiedSince('a')).toBeNull()
    list.take({ ...page(3, 0, 1, []), alarms: [alarm('a', 900)] })
    list.take(page(4, 0, 1, ['b']))
    expect(list.unverifiedSince('a')).toBeNull()
  })
})
