import { Registry } from 'prom-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openLog } from '#program/log'
import { openBugs } from '../../console/server/http/bugs.ts'
import { type ConsoleBooks, openConsoleBooks } from '../harness/consoleBooks.ts'

let desk: ConsoleBooks
beforeAll(async () => {
  desk = await openConsoleBooks(() => 1000)
})
afterAll(() => desk.close())

it('bugs are counted each, and alarmed at level 4 once until somebody has acknowledged it', async () => {
  const metrics = new Registry()
  const bugs = openBugs({ unit: desk.unit, reactions: desk.reactions, log: openLog('test', 'silent'), metrics })
  const alarms = () => desk.books.read.selectFrom('alarm').selectAll().where('key', '=', 'console/bug').execute()
  const bug = async (n: number) => {
    for (let i = 0; i < n; i++) bugs.note(new TypeError('x'), 'request', 'GET /x')
    await bugs.writeDown()
  }
  await bugs.writeDown()
  expect(await alarms()).toEqual([])
  await bug(5)
  await bug(5)
  expect(await alarms()).toMatchObject([{ level: 4, acked_at: null, source: 'console' }])
  expect(await metrics.metrics()).toContain('zhiban_console_bugs_total{where="request"} 10')
  await desk.books.write(tx => tx.updateTable('alarm').set({ acked_at: 2000, acked_by: 'x' }).execute())
  await bugs.writeDown()
  expect(await alarms()).toHaveLength(1)
  await bug(1)
  expect(await alarms()).toHaveLength(2)
  // Books that are out of reach are no bug, and neither is what comes when the program ends.
  bugs.note(new Error('SQLITE_BUSY: database is locked'), 'request', 'GET /x')
  bugs.close()
  bugs.note(new TypeError('x'), 'request', 'GET /x')
  expect(await metrics.metrics()).toContain('zhiban_console_bugs_total{where="request"} 11')
})
