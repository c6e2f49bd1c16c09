import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import type { Alarm } from '#api/models/live'
import type { AlarmFact } from '#contract/alarm'
import { openConnection } from '#store/sqlite'
import { fieldVoice } from '../harness/fieldVoice.ts'
import { Person, signIn } from '../harness/person.ts'
import { smallDisk } from '../harness/smallDisk.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

/** How long another program holds the books, s; up to 60 by this setting. Longer than SQLite waits for a lock (5 s). */
const lockSeconds = Number(process.env['ZHIBAN_LOCK_S'] ?? 6)
const at = Date.parse('2026-11-24T10:00:00+08:00')

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})
const scene = async (o: { data?: string } = {}) => {
  const stack = await startStack({
    at: new Date(at).toISOString(),
    only: ['broker', 'console'],
    ...(o.data ? { env: { ZHIBAN_DATA: o.data } } : {}),
  })
  ends.push(() => stack.stop())
  const field = await fieldVoice(stack)
  ends.push(() => field.end())
  const operator = await signIn(stack.url, 'operator')
  await operator.listen()
  ends.push(() => operator.close())
  return { stack, field, operator, file: join(o.data ?? stack.data, 'console', 'books.db') }
}
const ready = async (stack: Stack) => {
  const response = await fetch(`${stack.url}/readyz`)
  return { ok: response.ok, text: await response.text() }
}
const alarmOf = async (who: Person, key: string) => (await who.get<Alarm[]>('/alarms')).body.filter(a => a.key === key)
const told = (who: Person, key: string) =>
  who.changes.flatMap(c => (c.kind === 'alarm' && c.alarm.key === key ? [c.alarm] : [])).at(-1)
const fire = (key: string): Pick<AlarmFact, 'level' | 'kind' | 'place' | 'key'> => ({
  key,
  level: 1,
  kind: 'fire',
  place: key.startsWith('a') ? 'f12-w' : 'f3-w',
})

/** While `shut`, a fire breaks out, another is told by the list of what stands alone, one returns, and people act. */
const fireWhile = async (
  { stack, field, operator, file }: Awaited<ReturnType<typeof scene>>,
  shut: { reason: string; open(): Promise<unknown>; held?(): unknown },
) => {
  const before = await operator.get<Alarm[]>('/alarms')
  const known = before.body.find(a => a.key === 'before') as Alarm
  const began = Date.now()
  const first = field.factOf(fire('a-fire'), stack.now())
  const journaled = field.record({ type: 'alarm-raised', at: first.raisedAt, alarm: first })
  await until('the fire on a screen', () => told(operator, 'a-fire'), 5000)
  // From memory at once: before any lock would have been given up.
  expect(Date.now() - began).toBeLessThan(3000)
  expect(told(operator, 'a-fire')).toMatchObject({ level: 1, recorded: false, ticket: null, returnedAt: null })
  expect(await alarmOf(operator, 'a-fire')).toMatchObject([{ recorded: false }])
  const listed = field.factOf(fire('b-listed'), stack.now())
  const brief = field.factOf({ ...fire('b-brief'), level: 2, kind: 'intrusion' }, stack.now())
  await field.standing([first, listed, brief])
  await until('what only the list says', () => told(operator, 'b-listed')?.recorded === false)
  await until('what only the list says', () => told(operator, 'b-brief')?.recorded === false)
  // What the list no longer names has returned, also what the books hold.
  await field.standing([first, listed])
  await until('its return', () => told(operator, 'b-brief')?.returnedAt !== null)
  await until('the return of what the books hold', () => told(operator, 'before')?.returnedAt)
  expect(told(operator, 'before')).toMatchObject({ id: known.id, recorded: false, ticket: known.ticket })
  expect(told(operator, 'a-fire')).toMatchObject({ returnedAt: null })
  // Acknowledged: counts at once, with who it was, also for somebody who connects now.
  const id = told(operator, 'a-fire')?.id
  expect((await operator.post(`/alarms/${id}/ack`, { note: '已派人' })).status).toBe(204)
  await until('the acknowledgement', () => told(operator, 'a-fire')?.ackedAt)
  expect((await operator.post(`/alarms/${id}/ack`, {})).body).toMatchObject({ error: 'already-acked' })
  await until('the console to say why it is not ready', async () => (await ready(stack)).text.includes(shut.reason))
  const own = await until('an alarm of its own', () => told(operator, 'books'))
  expect(own).toMatchObject({ level: 2, kind: 'system', source: 'console', recorded: false })
  const other = new Person(stack.url, operator.cookie)
  await other.listen()
  ends.push(() => other.close())
  expect(other.snapshot?.alarms.filter(a => a.key === 'a-fire')).toMatchObject([
    { recorded: false, ackedBy: expect.any(String), notes: [{ text: '已派人' }] },
  ])
  expect((await operator.get('/me')).status).toBe(200)
  await until('what must be recorded to be refused with a clear word', async () => {
    const { status, body } = await operator.post(`/alarms/${known.id}/own`)
    return status === 503 && body.error === 'books-closed'
  })
  await shut.held?.()
  // A session that was last seen long ago goes on, and nothing valid was judged.
  expect((await operator.get('/me')).status).toBe(200)
  await shut.open()

  await journaled
  await until('the console to be ready', async () => (await ready(stack)).ok)
  const all = () => operator.get<Alarm[]>('/alarms').then(r => r.body)
  await until('everything in the books', async () => (await all()).every(a => a.recorded))
  const [one, ...more] = await alarmOf(operator, 'a-fire')
  expect(more).toEqual([])
  expect(one).toMatchObject({ id, ticket: expect.any(String), ackedBy: expect.any(String), notes: [{ text: '已派人' }] })
  const [, ...twice] = await alarmOf(operator, 'b-listed')
  expect(twice).toEqual([])
  expect(await alarmOf(operator, 'b-listed')).toMatchObject([{ ticket: expect.any(String), returnedAt: null }])
  await until('the alarm of the books to return', () => told(operator, 'books')?.returnedAt && told(operator, 'books')?.recorded)
  expect(await alarmOf(operator, 'b-brief')).toMatchObject([{ recorded: true, returnedAt: expect.any(Number) }])
  await until('a page to come after an alarm, and the count of all', async () => {
    const [top, ...rest] = await all()
    const { body } = await operator.get<Alarm[]>(`/alarms?after=${top?.level},${top?.raisedAt},${top?.id}`)
    const counts = (await operator.get<{ n: number }[]>('/alarms/counts')).body
    const ids = (list: Alarm[]) => list.map(a => a.id).join()
    return top && ids(body) === ids(rest) && counts.reduce((sum, c) => sum + c.n, 0) === rest.length + 1
  })
  const db = await openConnection(file, true)
  const rows = await db.all('select n, type from ingested order by n', [])
  const quarantine = await db.all('select * from quarantine', [])
  await db.close()
  expect(quarantine).toEqual([])
  expect(rows.map(r => r['n'])).toEqual([...Array(field.sent).keys()].map(n => n + 1))
}

it(`another program holds the books for ${lockSeconds} s during a fire: all of it is on the screens, and then in the books once`, async () => {
  const here = await scene()
  await here.field.raise({ key: 'before', level: 2, kind: 'intrusion', place: 'f5-w' }, here.stack.now())
  const lock = await openConnection(here.file)
  ends.push(() => lock.close())
  await lock.exec('begin immediate')
  const since = Date.now()
  await fireWhile(here, {
    reason: 'locked',
    held: () => until('the time of the lock', () => Date.now() - since > lockSeconds * 1000, 70_000),
    open: () => lock.exec('rollback'),
  })
})

it('the file system is full during a fire: all of it is on the screens, and when there is room in the books, once', async () => {
  const disk = smallDisk(40)
  if (disk) ends.push(() => disk.end())
  const here = await scene(disk ? { data: disk.folder } : {})
  await here.field.raise({ key: 'before', level: 2, kind: 'intrusion', place: 'f5-w' }, here.stack.now())
  const limit = (bytes: number | 'unlimited') =>
    execFileSync('prlimit', [`--fsize=${bytes}:unlimited`, '--pid', String(here.stack.pid('console'))])
  if (disk) disk.fill()
  else limit(0)
  // The log of the database has room of its own, from before; it must be used up first.
  const used: Promise<unknown>[] = []
  await until('the books to be full', async () => {
    used.push(here.field.raise({ key: 'more', level: 3, kind: 'equipment', place: 'f5-w' }, here.stack.now()))
    return !(await ready(here.stack)).ok
  })
  await fireWhile(here, {
    reason: disk ? 'full' : 'failing',
    open: async () => (disk ? disk.free() : limit('unlimited')),
  })
  await Promise.all(used)
})
