import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDiskRoom, type Room, roomOf } from '../../console/server/attachments/diskRoom.ts'
import { mostBytes, openUploads, uploadLimits } from '../../console/server/attachments/uploads.ts'
import { system } from '../../console/server/books/audit.ts'
import { type ConsoleBooks, openConsoleBooks } from '../harness/consoleBooks.ts'

const today = 1_000_000
const roomy: Room = { free: 1e12, low: false, uploads: true }
let desk: ConsoleBooks
let cases: string[]
beforeAll(async () => {
  desk = await openConsoleBooks(() => today + 5)
  const form = { contact: '陈', phone: '1', kind: 'enquiry', content: 'x' }
  const who = { roles: ['manager' as const], display: '经理' }
  cases = await desk.unit(system, async work => {
    const opened = []
    for (let i = 0; i < 3; i++) opened.push((await desk.engine.open(work, 'enquiry', { form }, who)).id)
    return opened
  })
})
afterAll(() => desk.close())

let n = 0
const attached = (case_id: string, by_id: string, at: number, bytes: number, times = 1) =>
  desk.books.write(async tx => {
    for (let i = 0; i < times; i++)
      await tx
        .insertInto('attachment')
        .values({ id: `a${n++}`, case_id, name: 'x', type: 'image/png', bytes, sha256: 's', at, by_user: 'x', by_id })
        .execute()
  })
const opened = (room = roomy) => openUploads({ db: desk.books.read, disk: { room }, dayBegan: () => today })

it('a case, and a person on one day, may have only so much; yesterday does not count', async () => {
  const uploads = opened()
  const [full = '', other = '', third = ''] = cases
  await attached(full, 'ann', today - 5, 3_000_000, uploadLimits.caseFiles)
  await expect(uploads.admit('bob', full, 10)).rejects.toMatchObject({ code: 'case-full' })
  const over = await uploads.admit('ann', other, 10)
  over()
  await attached(other, 'ann', today + 1, uploadLimits.dayBytes / 40, 20)
  await attached(third, 'ann', today + 1, uploadLimits.dayBytes / 40, 20)
  await expect(uploads.admit('ann', cases[1] ?? '', 10)).rejects.toMatchObject({ code: 'day-full' })
  await expect(uploads.admit('bob', other, mostBytes + 1)).rejects.toMatchObject({ code: 'too-large' })
})

it('what is on its way counts: two of one person at once, eight of all, and each place is free again when it is over', async () => {
  const uploads = opened()
  const [, other = ''] = cases
  const both = await Promise.all([uploads.admit('cat', other, 1000), uploads.admit('cat', other, 1000)])
  await expect(uploads.admit('cat', other, 1000)).rejects.toMatchObject({ code: 'one-at-a-time' })
  for (const person of ['d', 'e', 'f', 'g', 'h', 'i']) await uploads.admit(person, other, 1000)
  await expect(uploads.admit('j', other, 1000)).rejects.toMatchObject({ code: 'one-at-a-time' })
  for (const over of both) over()
  expect(await uploads.admit('cat', other, 1000)).toBeTypeOf('function')
})

it('a disk that is nearly full is alarmed first, and takes no attachments next', async () => {
  const giga = 1024 ** 3
  expect(roomOf(100 * giga, 500 * giga)).toMatchObject({ low: false, uploads: true })
  expect(roomOf(0.4 * giga, 500 * giga)).toMatchObject({ low: true, uploads: true })
  expect(roomOf(0.2 * giga, 500 * giga)).toMatchObject({ low: true, uploads: false })
  expect(roomOf(0.06 * giga, 1 * giga)).toMatchObject({ low: true, uploads: true })
  expect(roomOf(0.04 * giga, 1 * giga)).toMatchObject({ low: true, uploads: false })
  const full = opened({ free: 0, low: true, uploads: false })
  await expect(full.admit('ann', cases[1] ?? '', 10)).rejects.toMatchObject({ code: 'disk-nearly-full' })
})

it('a reserve is set aside while there is room, and given up when there is none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zhiban-room-'))
  const mega = 1024 ** 2
  let free = 1000 * mega
  const disk = openDiskRoom(folder, async () => ({ bsize: 1, blocks: 2000 * mega, bavail: free }))
  try {
    for (let i = 0; i < 20; i++) await disk.look()
    expect(disk.reserved()).toBe(16 * mega)
    free = 100 * mega
    expect(await disk.look()).toMatchObject({ low: true })
    expect(disk.reserved()).toBe(16 * mega)
    free = 5 * mega
    await disk.look()
    expect(disk.reserved()).toBe(0)
    free = 40 * mega
    await disk.look()
    expect(disk.reserved()).toBe(0)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
