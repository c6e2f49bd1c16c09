import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { User } from '#api/models/people'
import { machineRights, mayDo, type Right, rights, roles } from '#api/rights'
import { demoUserOf, signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack?.stop())

type Doc = {
  paths: Record<string, Record<string, { 'x-right'?: Right; 'x-open'?: true; parameters: { name: string; in: string }[] }>>
}
const openapi = async () => (await (await fetch(`${stack.url}/api/openapi.json`)).json()) as Doc & { openapi: string }
const fill = (path: string) => path.replaceAll(/\{(\w+)\}/g, (_m, name) => (name === 'n' ? '1' : 'none'))

describe('rights', () => {
  it('no route but those that are open (sign-in, and the link of a call) answers somebody who is not signed in', async () => {
    const doc = await openapi()
    expect(doc.openapi).toBe('3.1.0')
    for (const [path, methods] of Object.entries(doc.paths))
      for (const [method, operation] of Object.entries(methods)) {
        if (operation['x-open']) continue
        const response = await fetch(`${stack.url}${fill(path)}`, { method: method.toUpperCase() })
        expect(response.status, `${method} ${path}`).toBe(401)
      }
  })
  it('a program reads what its token says, until it ends or is taken back, and does nothing', async () => {
    const doc = await openapi()
    const admin = await signIn(stack.url, 'admin')
    const letIn = async (rights: Right[]) =>
      (await admin.post<{ token: string }>('/machines', { name: rights.join('+'), rights, days: 1 })).body.token
    const ask = (token: string, method: string, path: string) =>
      fetch(`${stack.url}${path}`, {
        method: method.toUpperCase(),
        headers: { authorization: `Bearer ${token}`, ...(method === 'get' ? {} : { 'content-type': 'application/json' }) },
        ...(method === 'get' ? {} : { body: '{}' }),
      })
    for (const right of machineRights) {
      const token = await letIn([right])
      for (const [path, methods] of Object.entries(doc.paths))
        for (const [method, operation] of Object.entries(methods)) {
          if (operation['x-open']) continue
          const { status } = await ask(token, method, fill(path))
          // Who brings a file is asked before it is taken, as a person.
          if (method === 'get' && operation['x-right'] === right)
            expect([401, 403], `${right} ${method} ${path}`).not.toContain(status)
          else expect([401, 403], `${right} ${method} ${path}`).toContain(status)
        }
    }
    const token = await letIn(['see-alarms'])
    expect((await ask(token, 'get', '/api/alarms')).status).toBe(200)
    const { id } = (await admin.get<{ id: string; name: string }[]>('/machines')).body.find(m => m.name === 'see-alarms') ?? {}
    for (const m of (await admin.get<{ id: string; name: string }[]>('/machines')).body.filter(x => x.name === 'see-alarms'))
      await admin.call('DELETE', `/machines/${m.id}`)
    expect(id).toBeDefined()
    expect((await ask(token, 'get', '/api/alarms')).status).toBe(401)
    expect((await ask(`${token}x`, 'get', '/api/alarms')).status).toBe(401)
    // It takes no seat at the live line, and brings no files.
    await expect(
      fetch(`${stack.url}/socket.io/?EIO=4&transport=websocket`, { headers: { authorization: `Bearer ${token}` } }).then(
        r => r.status,
      ),
    ).resolves.toBe(426)
    const refused = (await admin.get<{ user: string }[]>('/audit?what=refused')).body.map(l => l.user)
    expect(machineRights).toEqual(expect.arrayContaining([...new Set(refused)]))
    expect(refused.length).toBe(100)
  })
  it('every route with a right answers 403 to every role that lacks it', async () => {
    const doc = await openapi()
    for (const role of roles) {
      const person = await signIn(stack.url, demoUserOf[role])
      // Somebody may be several at once.
      const held = (await person.get<User>('/me')).body.roles
      for (const [path, methods] of Object.entries(doc.paths))
        for (const [method, operation] of Object.entries(methods)) {
          const right = operation['x-right']
          if (!right) continue
          const { status } = await person
            .call(method.toUpperCase(), fill(path).replace('/api', ''), method === 'get' ? undefined : {})
            .catch(() => ({ status: 200 }))
          if (mayDo(held, right)) expect(status, `${role} ${method} ${path}`).not.toBe(403)
          else expect(status, `${role} ${method} ${path}`).toBe(403)
        }
    }
    expect(Object.keys(rights).length).toBeGreaterThan(5)
  })
  it('a role that may not see a procedure gets none of its cases', async () => {
    const guard = await signIn(stack.url, 'guard')
    expect((await guard.get('/cases?procedure=overtime')).status).toBe(403)
    expect((await guard.get('/cases?procedure=nope')).status).toBe(404)
    const { body } = await guard.get<{ id: string }[]>('/procedures')
    // Versions of before stand beside the one in force, for what was opened under them.
    expect([...new Set(body.map(p => p.id))].toSorted()).toEqual([
      'complaint',
      'decoration',
      'emergency',
      'enquiry',
      'goods-lift',
      'goods-release',
      'handover',
      'move-in',
      'move-out',
      'roster',
      'statement',
    ])
  })
})

describe('sessions', () => {
  it('cookies are for the server alone, and die with the sign-out, sockets too', async () => {
    const response = await fetch(`${stack.url}/api/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'operator', password: 'demo-operator' }),
    })
    expect(response.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict/)
    const person = await signIn(stack.url, 'operator')
    await person.listen()
    const gone = new Promise(done => person.socket?.once('disconnect', done))
    await person.post('/sign-out')
    await gone
    expect((await person.get('/me')).status).toBe(401)
    person.close()
  })
  it('wrong passwords are slowed down after five, for that name and place, and the right one then too', async () => {
    const attempt = (name: string, password: string) =>
      fetch(`${stack.url}/api/sign-in`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name, password }),
      })
    for (let i = 0; i < 5; i++) expect((await attempt('manager', 'wrong')).status).toBe(401)
    const slowed = await attempt('manager', 'demo-manager')
    expect(slowed.status).toBe(429)
    expect(await slowed.json()).toMatchObject({ error: 'slow-down', detail: { retryAfterS: expect.any(Number) } })
    expect((await attempt('guard', 'demo-guard')).status).toBe(200)
  })
  it('foreign origins are refused: requests, polling and upgrade', async () => {
    const person = await signIn(stack.url, 'operator')
    const response = await fetch(`${stack.url}/api/me`, { headers: { cookie: person.cookie, origin: 'http://evil.example' } })
    expect(response.status).toBe(403)
    for (const transports of [['websocket'], ['polling']]) {
      const socket = io(stack.url, {
        transports,
        reconnection: false,
        extraHeaders: { cookie: person.cookie, origin: 'http://evil.example' },
      })
      expect(
        await new Promise(done => {
          socket.on('connect', () => done('in'))
          socket.on('connect_error', () => done('out'))
        }),
      ).toBe('out')
      socket.close()
    }
    const stranger = io(stack.url, { transports: ['websocket'], reconnection: false })
    expect(
      await new Promise(done => {
        stranger.on('connect', () => done('in'))
        stranger.on('connect_error', () => done('out'))
      }),
    ).toBe('out')
    stranger.close()
  })
})

describe('odd input', () => {
  it('is refused with its field, and never with a stack trace', async () => {
    const person = await signIn(stack.url, 'frontdesk')
    const odd: [string, string, string][] = [
      ['POST', '/cases', '{"procedure":'],
      ['POST', '/cases', '[]'],
      ['POST', '/cases', '{"procedure":"overtime","form":{"__proto__":{"x":1}}}'],
      ['POST', '/cases', `{"procedure":"${'x'.repeat(200)}","form":{}}`],
      ['POST', '/cases', JSON.stringify({ procedure: 'repair', form: { content: "'; drop table case_file; --" } })],
    ]
    for (const [method, path, body] of odd) {
      const response = await fetch(`${stack.url}/api${path}`, {
        method,
        headers: { cookie: person.cookie, 'content-type': 'application/json' },
        body,
      })
      const text = await response.text()
      expect(response.status, body).toBeGreaterThanOrEqual(400)
      expect(response.status, body).toBeLessThan(500)
      expect(text).not.toMatch(/node_modules|at .*\.js/)
      expect(JSON.parse(text)).toHaveProperty('error')
    }
    const large = await fetch(`${stack.url}/api/cases`, {
      method: 'POST',
      headers: { cookie: person.cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ procedure: 'repair', form: { content: 'x'.repeat(300_000) } }),
    })
    expect(large.status).toBe(413)
    for (const path of [
      '/charges?month=2026-13',
      '/overtime/quote?zone=f2-e&from=x&to=1',
      '/overtime/bookings',
      '/commands?limit=9999',
    ])
      expect((await person.get(path)).status, path).toBe(400)
  })
  it('files of the machine cannot be reached, and pages carry a policy', async () => {
    for (const path of [
      '/../package.json',
      '/..%2f..%2fpackage.json',
      '/assets/../../package.json',
      '/%2e%2e/package.json',
      '/.env',
    ]) {
      const response = await fetch(`${stack.url}${path}`)
      expect(await response.text(), path).not.toContain('"zhiban"')
    }
    const page = await fetch(stack.url)
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
    expect(page.headers.get('x-powered-by')).toBeNull()
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
  })
})
