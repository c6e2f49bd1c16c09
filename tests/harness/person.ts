import { io, type Socket } from 'socket.io-client'
import type { Change, ClientEvents, ServerEvents, Snapshot } from '#api/events'
import type { CommandView } from '#api/models/live'
import { proofHeader, proofOf } from '#api/proof'
import type { Role } from '#api/rights'
import type { PointValue } from '#contract/quality'
import { until } from './wait.ts'

/** One user of each role of the demo. */
export const demoUserOf: Record<Role, string> = {
  operator: 'operator',
  guard: 'guard',
  'front-desk': 'frontdesk',
  supervisor: 'supervisor',
  engineer: 'engineer',
  manager: 'manager',
  'general-manager': 'gm',
  finance: 'finance',
  administrator: 'admin',
  security: 'admin',
  auditor: 'admin',
}

export type Answer<T> = { status: number; body: T & { error?: string; field?: string } }

/** Somebody at the API, as a program would be: signed in, with what the live connection has told. */
export class Person {
  readonly url: string
  readonly cookie: string
  /** With which he shows again that it is he. */
  secret: string
  snapshot: Snapshot | undefined
  readonly changes: Change[] = []
  readonly values = new Map<string, PointValue>()
  #socket: Socket<ServerEvents, ClientEvents> | undefined

  constructor(url: string, cookie: string, secret = '') {
    this.secret = secret
    this.url = url
    this.cookie = cookie
  }

  /** Asked for a proof, he gives it, as a person does. */
  async call<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const answer = await this.once<T>(method, path, body)
    return answer.status === 428 && this.secret !== '' ? this.once<T>(method, path, body, this.secret) : answer
  }

  async once<T = Record<string, unknown>>(method: string, path: string, body?: unknown, secret?: string): Promise<Answer<T>> {
    const response = await fetch(`${this.url}/api${path}`, {
      method,
      headers: {
        cookie: this.cookie,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(secret === undefined ? {} : { [proofHeader]: proofOf(secret) }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Answer<T>['body'] }
  }

  get = <T = Record<string, unknown>>(path: string) => this.call<T>('GET', path)
  post = <T = Record<string, unknown>>(path: string, body?: unknown) => this.call<T>('POST', path, body)

  /** Orders what an agent that has just started, or stood still, refuses until it has heard the console's time twice; returns the command's id. */
  async order(act: Record<string, unknown>, reason: string): Promise<string> {
    for (;;) {
      const sent = await this.post<{ id: string }>('/commands', { act, reason })
      if (sent.status !== 200) throw new Error(`an order was refused: ${JSON.stringify(sent.body)}`)
      const { id } = sent.body
      const answer = await until('the agent to answer', async () =>
        (await this.get<CommandView[]>('/commands?limit=200')).body.find(c => c.id === id && c.step !== 'sent'),
      )
      if (answer.reason !== 'no-console-clock') return id
    }
  }

  /** Opens the live connection and waits for the first snapshot. */
  listen(refs: string[] = []): Promise<void> {
    const socket: Socket<ServerEvents, ClientEvents> = io(this.url, {
      transports: ['websocket'],
      extraHeaders: { cookie: this.cookie },
    })
    this.#socket = socket
    socket.on('news', news => {
      this.changes.push(...(news.changes ?? []))
      for (const [ref, value] of news.values ?? []) this.values.set(ref, value)
    })
    return new Promise((done, fail) => {
      socket.on('snapshot', s => {
        this.snapshot = s
        socket.emit('watch', refs)
        done()
      })
      socket.on('connect_error', fail)
    })
  }

  get socket() {
    return this.#socket
  }

  close() {
    this.#socket?.disconnect()
  }
}

export const signIn = async (url: string, name: string, password = `demo-${name}`): Promise<Person> => {
  const response = await fetch(`${url}/api/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, password }),
  })
  if (!response.ok) throw new Error(`sign-in of ${name}: ${response.status} ${await response.text()}`)
  return new Person(url, response.headers.get('set-cookie')?.split(';')[0] ?? '', password)
}

export const ownPassword = 'wolken ueber dem turm'
/** The first administrator of a site that is no demo: signs in with the one-time password and chooses one of his own. */
export const firstSignIn = async (url: string, oneTime: string | undefined): Promise<Person> => {
  const admin = await signIn(url, 'admin', oneTime)
  const { status } = await admin.post('/password', { old: oneTime, chosen: ownPassword })
  if (status !== 200) throw new Error(`the one-time password could not be changed: ${status}`)
  admin.secret = ownPassword
  return admin
}
