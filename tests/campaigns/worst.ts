import { connect } from 'node:net'
import { io } from 'socket.io-client'
import { demoUserOf, type Person, signIn } from '../harness/person.ts'
import type { Stack } from '../harness/stack.ts'
import { dice } from './dice.ts'

/** Who has a key to the house and means it ill; the operator works on. */
const people = [demoUserOf.guard, demoUserOf['front-desk'], demoUserOf.engineer]

type Misdeed = (who: Person, below: (n: number) => number) => Promise<unknown>
const bare = (who: Person, text: string, end: (socket: ReturnType<typeof connect>) => void) =>
  new Promise<void>(done => {
    const socket = connect(Number(new URL(who.url).port), '127.0.0.1', () => socket.write(text, () => end(socket)))
    socket.on('error', () => done())
    socket.on('close', () => done())
    setTimeout(() => socket.destroy(), 2000)
  })
const head = (who: Person, method: string, path: string, more = '') =>
  `${method} ${path} HTTP/1.1\r\nhost: x\r\ncookie: ${who.cookie}\r\n${more}\r\n`
const socketOf = (who: Person) =>
  io(who.url, { transports: ['websocket'], reconnection: false, extraHeaders: { cookie: who.cookie } })
const throughSocket = (who: Person, act: (socket: ReturnType<typeof socketOf>) => void) =>
  new Promise<void>(done => {
    const socket = socketOf(who)
    const end = () => {
      clearTimeout(timer)
      socket.close()
      done()
    }
    const timer = setTimeout(end, 1500)
    socket.on('connect', () => act(socket))
    socket.on('connect_error', end)
    socket.on('disconnect', end)
  })

/** What a signed-in person can do wrong to a console, by name. */
const misdeeds: Record<string, Misdeed> = {
  polling: who => fetch(`${who.url}/socket.io/?EIO=4&transport=polling`, { headers: { cookie: who.cookie } }),
  'snapshots without end': who =>
    throughSocket(who, socket => {
      for (let i = 0; i < 1000; i++) socket.emit('resync')
    }),
  'everything watched at once': who =>
    throughSocket(who, socket =>
      socket.emit(
        'watch',
        Array.from({ length: 20_000 }, (_, i) => `zc-${i}/temp`),
      ),
    ),
  'events of no kind': (who, below) =>
    throughSocket(who, socket => {
      for (const what of [null, { refs: 'x' }, [[[]]], 'x'.repeat(below(200_000)), -1]) {
        socket.emit('watch', what)
        socket.emit('constructor', what)
        socket.emit('resync', what, () => {})
      }
    }),
  'screens that are opened and torn down': async who => {
    const sockets = Array.from({ length: 20 }, () => socketOf(who))
    await new Promise(done => setTimeout(done, 300))
    for (const s of sockets) s.close()
  },
  'a request that stops in the middle': who =>
    bare(who, head(who, 'POST', '/api/cases', 'content-type: application/json\r\ncontent-length: 500\r\n'), s =>
      setTimeout(() => s.resetAndDestroy(), 200),
    ),
  'an answer that nobody reads': who => bare(who, head(who, 'GET', '/api/alarms').repeat(20), s => s.resetAndDestroy()),
  'bodies of no shape': (who, below) =>
    who.post(
      '/cases',
      [null, [], 7, 'x', { procedure: {}, form: [] }, { procedure: '__proto__', form: { x: 'y'.repeat(50_000) } }][below(6)],
    ),
  'commands without a right or a sense': (who, below) =>
    who.post('/commands', {
      act: {
        kind: 'hold',
        point: ['ahu-4/fan_cmd', 'x', 'zc-8w/temp_sp'][below(3)],
        value: below(2) ? {} : 1e9,
        level: below(17),
        until: -1,
      },
      reason: '',
    }),
  'alarms that are not there': (who, below) =>
    who.post(`/alarms/${below(2) ? '../cases' : 'none'}/ack`, { note: 'x'.repeat(10_000) }),
  'a search for everything': who => who.get('/search?q=%25'),
  'an upload of no kind': who =>
    fetch(`${who.url}/api/cases/none/attachments?name=../../x`, {
      method: 'POST',
      headers: { cookie: who.cookie, 'content-type': 'image/png' },
      body: 'no picture',
    }),
}

/** What honest people must not get: an answer that is no answer. */
const isBug = (status: number) => status === 500

/**
 * Signed-in people who do their worst until they are told to end, whatever dies meanwhile. `done` counts the misdeeds;
 * `trouble` names those that were answered by a bug.
 */
export const doTheirWorst = (stack: Stack, seed: number) => {
  const { below, pick } = dice(seed)
  const trouble = new Set<string>()
  let over = false
  let done = 0
  const one = async (name: string) => {
    let who: Person | undefined
    while (!over) {
      const misdeed = pick(Object.keys(misdeeds))
      try {
        who ??= await signIn(stack.url, name)
        const answer = await misdeeds[misdeed]?.(who, below)
        done++
        const status = (answer as { status?: number } | undefined)?.status ?? 0
        if (isBug(status)) trouble.add(`${name}: ${misdeed} was answered by ${status}`)
        if (status === 401) who = undefined
      } catch {
        // The console is dead just now, or has cut him off.
        who = undefined
        await new Promise(end => setTimeout(end, 200))
      }
    }
  }
  const all = people.map(one)
  return {
    async end() {
      over = true
      await Promise.all(all)
      return { misdeeds: done, trouble: [...trouble] }
    },
  }
}
