import { afterEach, beforeEach, expect, it } from 'vitest'
import type { CaseHead } from '#api/models/cases'
import { CaseEngine } from '../../console/server/engine/cases/caseEngine.ts'
import { type CaseKind, caseKind } from '../../console/server/engine/chapter.ts'
import { procedure } from '../../console/server/engine/definition.ts'
import { textField } from '../../console/server/engine/fields.ts'
import { manualOf } from '../../console/server/engine/manual.ts'
import { type ConsoleBooks, openConsoleBooks } from '../harness/consoleBooks.ts'

/** A case ends under the version under which it was opened, whatever its definition has become meanwhile. */
const words = { zh: '某事', en: 'matter' }
const common = {
  id: 'matter',
  prefix: 'MM',
  name: words,
  purpose: words,
  source: 'R1',
  about: 'what',
  opens: ['front-desk'],
  sees: ['front-desk'],
  printed: words,
} as const
const fields = [textField('what', words)] as const
const step = { label: words, by: ['front-desk'] } as const
const first = procedure(fields, {
  ...common,
  version: 1,
  initial: 'open',
  states: { open: { name: words }, checked: { name: words }, ended: { name: words, ends: true } },
  path: ['open', 'ended'],
  transitions: [
    { ...step, verb: 'check', from: ['open'], to: 'checked' },
    { ...step, verb: 'end', from: ['checked'], to: 'ended' },
  ],
})
/** Its state has another name, and its step is another one. */
const second = procedure(fields, {
  ...common,
  version: 2,
  initial: 'received',
  states: { received: { name: words }, closed: { name: words, ends: true } },
  path: ['received', 'closed'],
  transitions: [{ ...step, verb: 'close', from: ['received'], to: 'closed' }],
})

let books: ConsoleBooks
beforeEach(async () => {
  books = await openConsoleBooks(() => Date.parse('2026-11-24T09:00:00+08:00'))
})
afterEach(() => books.close())

const desk = { id: 'a', display: '李娜', roles: ['front-desk'] as const }
const release = (kind: CaseKind) => {
  const { directory, rules, engine } = books
  return new CaseEngine(manualOf([{ cases: [kind] }]), directory, rules, engine.around.live)
}
const as = <R>(act: Parameters<typeof books.unit<R>>[1]) => books.unit<R>({ ...desk, station: 'test' }, act)
const open = (engine: CaseEngine) => as(work => engine.open(work, 'matter', { form: { what: '-' } }, desk))
const act = (engine: CaseEngine, { id }: CaseHead, verb: string) => as(work => engine.act(work, id, verb, {}, desk))
const verbs = (engine: CaseEngine, file: CaseHead) => engine.verbs(books.books.read, 0, file, desk)

it('an open case of the old version goes on and ends under it; what is opened now is of the new one', async () => {
  const old = await open(release(caseKind(first, {})))
  const now = release(caseKind(second, { older: [first] }))
  await now.refuseUnknownVersions(books.books.read)
  expect(await verbs(now, old)).toEqual({ check: null })
  await expect(act(now, old, 'close')).rejects.toMatchObject({ code: 'unknown-verb' })
  const checked = await act(now, old, 'check')
  expect(checked).toMatchObject({ version: 1, state: 'checked' })
  expect(await act(now, checked, 'end')).toMatchObject({ version: 1, state: 'ended', endedAt: expect.any(Number) })
  const made = await open(now)
  expect(made).toMatchObject({ version: 2, state: 'received' })
  expect(await verbs(now, made)).toEqual({ close: null })
})

it('a console that does not know the version of an open case does not start, and says which; an ended one holds up nobody', async () => {
  const before = release(caseKind(first, {}))
  const old = await open(before)
  const now = release(caseKind(second, {}))
  await expect(now.refuseUnknownVersions(books.books.read)).rejects.toThrow(`${old.number} is open under version 1 of 'matter'`)
  await act(before, await act(before, old, 'check'), 'end')
  await now.refuseUnknownVersions(books.books.read)
})
