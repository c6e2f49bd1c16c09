import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Snapshot } from '#api/events'
import { freePorts, type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

/** Made for these tests and known to everybody: `openssl req -x509 -newkey ec ... -addext subjectAltName=DNS:localhost,IP:127.0.0.1`. */
const certificates = join(import.meta.dirname, '../harness/certificates')
const folder = mkdtempSync(join(tmpdir(), 'zhiban-tls-'))
const cert = join(folder, 'tls.crt')
const key = join(folder, 'tls.key')
const install = (name: string) => {
  copyFileSync(join(certificates, `${name}.key`), key)
  copyFileSync(join(certificates, `${name}.crt`), cert)
}
const ca = ['first', 'renewed'].map(n => readFileSync(join(certificates, `${n}.crt`)))

let stack: Stack
let port: number
beforeAll(async () => {
  install('first')
  const [mqtt = 0] = await freePorts(1)
  stack = await startStack({
    only: ['broker', 'edge-agent', 'console'],
    env: {
      ZHIBAN_TLS_CERT: cert,
      ZHIBAN_TLS_KEY: key,
      ZHIBAN_TRUST_PROXY: 'loopback',
      ZHIBAN_MQTT_PORT: String(mqtt),
      ZHIBAN_MQTT_TLS_CERT: cert,
      ZHIBAN_MQTT_TLS_KEY: key,
      ZHIBAN_MQTT_URL: `mqtts://localhost:${mqtt}`,
      NODE_EXTRA_CA_CERTS: join(certificates, 'first.crt'),
    },
  })
  port = Number(stack.env['ZHIBAN_HTTP_PORT'])
})
afterAll(async () => {
  await stack?.stop()
  rmSync(folder, { recursive: true, force: true })
})

type Answer = { status: number; headers: NodeJS.Dict<string | string[]>; body: string }
const ask = (path: string, headers: Record<string, string> = {}, body?: object) =>
  new Promise<Answer>((done, fail) => {
    const options = { host: '127.0.0.1', port, path, ca, method: body ? 'POST' : 'GET' }
    const sent = request(
      { ...options, headers: { ...headers, ...(body ? { 'content-type': 'application/json' } : {}) } },
      response => {
        let text = ''
        response.on('data', part => {
          text += part
        })
        response.on('end', () => done({ status: response.statusCode ?? 0, headers: response.headers, body: text }))
      },
    )
    sent.on('error', fail)
    sent.end(body && JSON.stringify(body))
  })
const signIn = async (name: string, headers = {}) => {
  const answer = await ask('/api/sign-in', headers, { name, password: `demo-${name}` })
  const cookie = answer.headers['set-cookie']?.[0] ?? ''
  return { answer, cookie }
}

it('by https cookies are for https alone, and a browser comes by nothing else from then on', async () => {
  const { answer, cookie } = await signIn('operator')
  expect(answer.status).toBe(200)
  expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; Secure$/)
  expect(answer.headers['strict-transport-security']).toBe('max-age=31536000')
  expect(answer.headers['permissions-policy']).toContain('camera=()')
  // The live line comes the same way, and the agent speaks to the broker by TLS.
  const socket = io(`https://127.0.0.1:${port}`, {
    ...{ transports: ['websocket'], ca: ca.map(String), extraHeaders: { cookie: cookie.split(';')[0] ?? '' } },
  })
  let told: Snapshot | undefined
  socket.on('snapshot', s => {
    told = s
  })
  await until('a snapshot with the agent', () => {
    socket.emit('resync')
    return told?.agents.some(a => a.online)
  })
  socket.disconnect()
})

/** What a server says to whoever speaks plainly, until it closes. */
const plainly = (to: number, hello: Buffer | string) =>
  new Promise<string>(done => {
    const socket = connect(to, '127.0.0.1', () => socket.write(hello))
    let said = ''
    socket.on('data', part => {
      said += part.toString('latin1')
    })
    socket.on('error', () => {})
    socket.on('close', () => done(said))
  })

it('whoever speaks plainly gets no answer, from the console or the broker', async () => {
  expect(await plainly(port, 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n')).not.toContain('200')
  const hello = Buffer.from('101000044d5154540402000500046f70656e', 'hex')
  expect(await plainly(Number(stack.env['ZHIBAN_MQTT_PORT']), hello)).not.toContain('\x20\x02\x00\x00')
})

it('a proxy that is trusted says who comes; metrics and readiness are for this machine alone', async () => {
  const from = { 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'https' }
  expect((await signIn('finance', from)).answer.status).toBe(200)
  const { cookie } = await signIn('admin')
  const lines = JSON.parse((await ask('/api/audit?what=sign-in&q=finance', { cookie })).body) as { station: string }[]
  expect(lines.map(l => l.station)).toEqual(['203.0.113.7'])
  for (const path of ['/metrics', '/readyz']) {
    expect((await ask(path)).status, path).toBe(200)
    expect((await ask(path, from)).status, path).toBe(404)
  }
  expect((await ask('/healthz', from)).status).toBe(200)
})

const shown = (to: number) =>
  new Promise<string>((done, fail) => {
    const socket = connectTls({ host: '127.0.0.1', port: to, ca }, () => {
      done(socket.getPeerCertificate().fingerprint256)
      socket.end()
    })
    socket.on('error', fail)
  })

it('a renewed certificate is taken over while everything runs; one that cannot be used is not', async () => {
  const mqtt = Number(stack.env['ZHIBAN_MQTT_PORT'])
  const before = await shown(port)
  expect(await shown(mqtt)).toBe(before)
  writeFileSync(cert, 'no certificate')
  await until('both to have said so', () =>
    ['console', 'broker'].every(p => stack.log(p as 'console').includes('cannot be used')),
  )
  expect(await shown(port)).toBe(before)
  install('renewed')
  await until('the renewed one', async () => (await shown(port)) !== before && (await shown(mqtt)) !== before)
  expect((await ask('/healthz')).status).toBe(200)
})

it('half a certificate, or one that is none, is refused with what to set', async () => {
  const refusals: [Record<string, string>, RegExp][] = [
    [{ ZHIBAN_TLS_KEY: '' }, /tls\.crt with /],
    [{ ZHIBAN_TLS_KEY: join(certificates, 'first.key') }, /tls\.crt with .*first\.key/],
  ]
  await stack.kill('console')
  for (const [env, said] of refusals) {
    Object.assign(stack.env, env)
    await expect(stack.start('console')).rejects.toThrow(said)
  }
})
