import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { io } from 'socket.io-client'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { CaseFull } from '#api/models/cases'
import { packageRoot } from '#program/environment'
import { type Person, signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

/** People who are signed in, and people who are not, do their worst: the console goes on for everybody else. */
let stack: Stack
let desk: Person
let guard: Person
beforeAll(async () => {
  stack = await startStack({ only: ['broker', 'console'] })
  ;[desk, guard] = (await Promise.all([signIn(stack.url, 'frontdesk'), signIn(stack.url, 'guard')])) as [Person, Person]
})
afterAll(() => stack?.stop())

const lines: Socket[] = []
afterEach(() => {
  for (const line of lines.splice(0)) line.destroy()
})
/** A bare connection that says what it is given and nothing more. */
const line = (text: string) =>
  new Promise<Socket>(done => {
    const socket = connect(Number(new URL(stack.url).port), '127.0.0.1', () => {
      socket.write(text)
      done(socket)
    })
    socket.on('error', () => done(socket))
    lines.push(socket)
  })
const answerOf = (socket: Socket) =>
  new Promise<string>(done => {
    let text = ''
    socket.on('data', data => {
      text += data.toString('utf8')
    })
    socket.on('close', () => done(text))
  })
const serves = async (person: Person) => {
  expect((await person.get('/me')).status).toBe(200)
  expect(stack.alive('console')).toBe(true)
}
const memoryMb = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${stack.pid('console')}/status`, 'utf8'))?.[1]) / 1000

describe('the path of the live connection', () => {
  it('is no path for requests: polling is refused, and ends nobody', async () => {
    for (const method of ['GET', 'POST', 'OPTIONS', 'DELETE'])
      for (const query of ['?EIO=4&transport=polling', '?EIO=4&transport=websocket', '?EIO=4&transport=polling&sid=x', '']) {
        const response = await fetch(`${stack.url}/socket.io/${query}`, { method, headers: { cookie: guard.cookie } })
        expect(response.status, `${method} ${query}`).toBe(426)
        await response.text()
      }
    await serves(desk)
  })
  it('takes a signed-in websocket, and survives upgrades that break off, lie or go elsewhere', async () => {
    const [breaker, liar] = (await Promise.all([signIn(stack.url, 'guard'), signIn(stack.url, 'guard')])) as [Person, Person]
    const upgrade = (path: string, more = '', who = liar) =>
      `GET ${path} HTTP/1.1\r\nhost: x\r\ncookie: ${who.cookie}\r\nconnection: upgrade\r\nupgrade: websocket\r\n${more}\r\n`
    const key = 'sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n'
    for (let i = 0; i < 100; i++) (await line(upgrade('/socket.io/?EIO=4&transport=websocket', key, breaker))).resetAndDestroy()
    expect(await answerOf(await line(upgrade('/api/me', key)))).toContain('404')
    expect(await answerOf(await line(upgrade('/socket.io/?EIO=4&transport=polling', key)))).toContain('400')
    expect(await answerOf(await line(upgrade('/socket.io/?EIO=4&transport=websocket&sid=x', key)))).toContain('400')
    await serves(desk)
    await desk.listen()
    expect(desk.snapshot?.alarms).toBeDefined()
    desk.close()
  })
})

describe('a signed-in person who asks without end', () => {
  it('is cut off, costs next to nothing, and nobody else waits', async () => {
    const before = memoryMb()
    await guard.listen()
    let snapshots = 0
    guard.socket?.on('snapshot', () => snapshots++)
    const cut = new Promise(done => guard.socket?.once('disconnect', done))
    for (let i = 0; i < 5000; i++) guard.socket?.emit('resync')
    await desk.listen()
    desk.close()
    await cut
    guard.close()
    expect(snapshots).toBeLessThan(5)
    expect(memoryMb() - before).toBeLessThan(150)
  })
  it('is not cut off for what a busy page asks, and is served once', async () => {
    const operator = await signIn(stack.url, 'operator')
    await operator.listen()
    let snapshots = 0
    operator.socket?.on('snapshot', () => snapshots++)
    for (let i = 0; i < 100; i++) operator.socket?.emit('resync')
    await until('the snapshot that is owed', () => snapshots > 0, 10_000)
    expect([snapshots, operator.socket?.connected]).toEqual([1, true])
    operator.close()
  })
  it('has only so many screens, and others have theirs', async () => {
    const many = Array.from({ length: 40 }, () =>
      io(stack.url, { transports: ['websocket'], reconnection: false, extraHeaders: { cookie: desk.cookie } }),
    )
    const outcome = await Promise.all(
      many.map(
        s =>
          new Promise<boolean>(done => {
            s.on('snapshot', () => done(true))
            s.on('connect_error', () => done(false))
          }),
      ),
    )
    expect(outcome.filter(Boolean)).toHaveLength(12)
    const engineer = await signIn(stack.url, 'engineer')
    await engineer.listen()
    engineer.close()
    for (const s of many) s.close()
  })
})

describe('a stranger with very many connections', () => {
  it('keeps nobody out with 2,200 half-sent requests, nor with bodies that never come', async () => {
    for (const text of [
      'GET / HTTP/1.1\r\nhost: x\r\nx-slow: ',
      'POST /api/sign-in HTTP/1.1\r\nhost: x\r\ncontent-length: 90\r\n\r\n{',
    ]) {
      await Promise.all(Array.from({ length: 2200 }, () => line(text)))
      const began = performance.now()
      const person = await signIn(stack.url, 'manager')
      await person.listen()
      person.close()
      expect(performance.now() - began).toBeLessThan(5000)
    }
  })
})

describe('attachments', () => {
  const png = (bytes: number) => Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(bytes - 8, 7)])
  const form = { address: 'f7-e', content: '灯不亮', contact: '谢宁', phone: '138', kind: 'repair' }
  // The server has just closed lines on which it refused something; a request that met such a line is sent again, as a browser does.
  const openCase = () => until('a case', async () => (await desk.post<CaseFull>('/cases', { procedure: 'repair', form })).body.id)
  const upload = (id: string, body: Buffer) =>
    fetch(`${stack.url}/api/cases/${id}/attachments?name=a.png`, {
      method: 'POST',
      headers: { cookie: desk.cookie, 'content-type': 'image/png' },
      body: new Uint8Array(body),
    })
  it('that never arrive take two places of their sender, and nobody else’s', async () => {
    const id = await openCase()
    const head = `POST /api/cases/${id}/attachments?name=a.png HTTP/1.1\r\nhost: x\r\ncookie: ${desk.cookie}\r\ncontent-type: image/png\r\ncontent-length: 5000\r\n\r\n`
    await Promise.all(Array.from({ length: 20 }, () => line(head)))
    // Let in, it would be refused for what it is.
    const refused = await until('the third to be refused', async () => {
      const response = await upload(id, Buffer.from('no picture'))
      return response.status === 429 ? ((await response.json()) as { error: string }) : undefined
    })
    expect(refused.error).toBe('one-at-a-time')
    for (const l of lines.splice(0)) l.destroy()
    await until('his places to be free again', async () => (await upload(id, png(1000))).status === 200)
  })
  it('are read away by nobody who leaves in the middle: that is no bug', async () => {
    const id = await openCase()
    const [file] = (await (await upload(id, png(7_900_000))).json()) as { id: string }[]
    const reading = await line(`GET /api/attachments/${file?.id} HTTP/1.1\r\nhost: x\r\ncookie: ${desk.cookie}\r\n\r\n`)
    await new Promise(done => reading.once('data', done))
    reading.destroy()
    for (let i = 0; i < 20; i++) await serves(desk)
    expect(stack.log('console')).not.toContain('bug:')
  })
  it('go to cases alone', async () => {
    const response = await fetch(`${stack.url}/api/cases`, {
      method: 'POST',
      headers: { cookie: desk.cookie, 'content-type': 'image/png' },
      body: new Uint8Array(png(1000)),
    })
    expect(response.status).toBe(415)
  })
})

it('a disk that takes nothing keeps nobody from signing in and looking at alarms', async () => {
  const limitFiles = (bytes: number | 'unlimited') =>
    execFileSync('prlimit', [`--fsize=${bytes}:unlimited`, '--pid', String(stack.pid('console'))])
  limitFiles(0)
  try {
    const operator = await signIn(stack.url, 'operator')
    expect((await operator.get('/alarms')).status).toBe(200)
    await operator.listen()
    operator.close()
    await serves(desk)
    expect((await operator.post('/sign-out')).status).toBe(204)
    expect((await operator.get('/me')).status).toBe(401)
  } finally {
    limitFiles('unlimited')
  }
  await until('the books to take something again', async () => (await fetch(`${stack.url}/readyz`)).status === 200)
  await serves(await signIn(stack.url, 'operator'))
  expect(stack.log('console')).not.toContain('bug:')
})

describe('registers', () => {
  const write = (who: Person, caseId: string) =>
    who.post('/registers/phone-record/entries', { form: { matter: 'x', contact: 'y', answer: 'in-time' }, caseId })
  it('have no month 0000-00, and no entry of a case that is not there', async () => {
    for (const month of ['0000-00', '2026-00', '2026-13', '0000-01'])
      expect((await desk.get(`/registers/phone-record/entries?month=${month}`)).status, month).toBe(400)
    expect(await write(desk, 'none')).toMatchObject({ status: 404, body: { error: 'unknown-case', field: 'caseId' } })
  })
  it('tie no entry to a case that its writer may not see', async () => {
    const form = { address: 'f7-e', content: '灯', contact: '谢', phone: '138', kind: 'repair' }
    const { id } = (await desk.post<CaseFull>('/cases', { procedure: 'repair', form })).body
    expect((await guard.get(`/cases/${id}`)).status).toBe(403)
    expect((await write(guard, id)).status).toBe(403)
    expect((await write(desk, id)).status).toBe(200)
  })
})

describe('a second console', () => {
  let child: ChildProcess | undefined
  afterEach(() => child?.kill('SIGKILL'))
  /** Ends of itself: with which code, and what it says. */
  const second = (env: Record<string, string>) =>
    new Promise<{ code: number | null; said: string }>(done => {
      let said = ''
      child = fork(join(packageRoot, 'dist/console/server/main.js'), {
        env: { ...process.env, ...stack.env, ZHIBAN_HTTP_PORT: '0', ...env },
        execArgv: [],
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      })
      child.stderr?.on('data', (text: Buffer) => {
        said += text.toString('utf8')
      })
      child.once('exit', code => done({ code, said }))
    })
  const ready = async () => (await fetch(`${stack.url}/readyz`)).status === 200
  it('on the same data says so and ends', async () => {
    const { code, said } = await second({})
    expect(code).toBe(2)
    expect(said).toMatch(/belongs to another console that is running/)
    await serves(desk)
  })
  it('with the same account at the broker says so and ends, and the first is not disturbed', async () => {
    await until('the first to be at the broker', ready)
    const { code, said } = await second({ ZHIBAN_DATA: join(stack.data, 'second') })
    expect(code).toBe(2)
    expect(said).toMatch(/another console of the site 'yunling'/)
    expect(stack.log('console')).not.toContain('MQTT link lost')
    const still = await fetch(`${stack.url}/readyz`)
    expect(still.status, await still.text()).toBe(200)
  })
})

it('a stop in the middle of everything is no bug, and nothing is said of drivers', async () => {
  let stopped = false
  const ask = async () => {
    while (!stopped) await guard.get('/search?q=a').catch(() => {})
  }
  const asking = Array.from({ length: 30 }, ask)
  await desk.listen()
  await stack.kill('console', 'SIGTERM')
  stopped = true
  desk.close()
  await Promise.all(asking)
  expect(stack.log('console')).not.toMatch(/bug:|destroyed/)
})
