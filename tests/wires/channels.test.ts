import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, createServer as createTcp } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Answer, Outgoing } from '../../console/server/notify/channel.ts'
import { mailChannel } from '../../console/server/notify/channels/mail.ts'
import { dingtalkChannel, feishuChannel, webhookChannel, wecomChannel } from '../../console/server/notify/channels/robots.ts'
import { closeOutside, closing, postOffice, robot } from '../harness/outside.ts'

const message: Outgoing = {
  id: '01J0',
  subject: '[云岭中心] 1 级 火警',
  text: '12F 火警',
  level: 1,
  link: 'http://console/on-call/x',
}
afterEach(closeOutside)

const options = (url: string, secret?: string) => ({ id: 'c', url, secret, perMinute: 20 })
const to = { address: '', mention: ['13800001001'] }
const closedPort = async () => {
  const server = createTcp()
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise(done => server.close(done))
  return port
}

describe('group robots', () => {
  it('WeCom: says whom it calls, takes 0 for accepted, 45009 for too much, and what it does not know for refused', async () => {
    const good = await robot({ json: { errcode: 0, errmsg: 'ok' } })
    expect(await wecomChannel(options(good.url)).send(message, to)).toEqual({ is: 'accepted', ref: '' })
    expect(JSON.parse(good.heard[0]?.body ?? '')).toEqual({
      msgtype: 'text',
      text: { content: '[云岭中心] 1 级 火警\n12F 火警\nhttp://console/on-call/x', mentioned_mobile_list: ['13800001001'] },
    })
    const says = async (json: unknown) => (await wecomChannel(options((await robot({ json })).url)).send(message, to)).is
    expect(await says({ errcode: 45009, errmsg: 'api freq out of limit' })).toBe('limited')
    expect(await says({ errcode: -1, errmsg: 'system busy' })).toBe('failed')
    expect(await says({ errcode: 93000, errmsg: 'invalid webhook url' })).toBe('refused')
    expect(await says([])).toBe('failed')
  })
  it('DingTalk: signs time and secret into the address, and names the number in the text', async () => {
    const good = await robot({ json: { errcode: 0 } })
    expect((await dingtalkChannel(options(good.url, 'SECx')).send(message, to)).is).toBe('accepted')
    const asked = new URL(good.heard[0]?.url ?? '', 'http://x')
    const timestamp = asked.searchParams.get('timestamp')
    expect(asked.searchParams.get('key')).toBe('k')
    expect(asked.searchParams.get('sign')).toBe(createHmac('sha256', 'SECx').update(`${timestamp}\nSECx`).digest('base64'))
    const body = JSON.parse(good.heard[0]?.body ?? '')
    expect(body.at).toEqual({ atMobiles: ['13800001001'], isAtAll: false })
    expect(body.text.content).toContain('@13800001001')
    const limited = await robot({ json: { errcode: 130101, errmsg: 'send too fast' } })
    expect((await dingtalkChannel(options(limited.url)).send(message, to)).is).toBe('limited')
  })
  it('Feishu: signs with time and secret as the key, and takes 11232 for too much', async () => {
    const good = await robot({ json: { code: 0, msg: 'success' } })
    expect((await feishuChannel(options(good.url, 'S')).send(message, to)).is).toBe('accepted')
    const { timestamp, sign, msg_type } = JSON.parse(good.heard[0]?.body ?? '')
    expect([msg_type, sign]).toEqual(['text', createHmac('sha256', `${timestamp}\nS`).digest('base64')])
    const limited = await robot({ json: { code: 11232, msg: 'frequency limited' } })
    expect((await feishuChannel(options(limited.url)).send(message, to)).is).toBe('limited')
  })
  it('webhook: signs time and body, and names its delivery so that a repeat is known', async () => {
    const good = await robot({ status: 204, text: '' })
    expect((await webhookChannel(options(good.url, 'S')).send(message, to)).is).toBe('accepted')
    const [heard] = good.heard
    const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(heard?.headers['x-zhiban-signature'])) ?? []
    expect(v1).toBe(createHmac('sha256', 'S').update(`${t}.${heard?.body}`).digest('hex'))
    expect(heard?.headers['x-zhiban-delivery']).toBe('01J0')
  })
  it('whatever goes wrong is said, and nothing throws: 429, 500, 403, a cut, a closed port, a redirect, an answer that is none', async () => {
    const says = async (answer: Parameters<typeof robot>[0]): Promise<Answer['is']> =>
      (await wecomChannel(options((await robot(answer)).url)).send(message, to)).is
    expect(await says({ status: 429 })).toBe('limited')
    expect(await says({ status: 500 })).toBe('failed')
    expect(await says({ status: 403 })).toBe('refused')
    expect(await says('cut')).toBe('failed')
    expect(await says({ text: '<html>' })).toBe('failed')
    expect((await wecomChannel(options(`http://127.0.0.1:${await closedPort()}/`)).send(message, to)).is).toBe('failed')
    const redirect = await robot({ status: 302 })
    expect((await wecomChannel(options(redirect.url)).send(message, to)).is).not.toBe('accepted')
  })
  it('a certificate that is not to be believed is no channel', async () => {
    const folder = new URL('../harness/certificates/', import.meta.url)
    const server = createSecureServer(
      { cert: readFileSync(new URL('first.crt', folder)), key: readFileSync(new URL('first.key', folder)) },
      (_q, r) => r.end('{"errcode":0}'),
    )
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    closing.push(() => server.close())
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`
    expect(await wecomChannel(options(url)).send(message, to)).toMatchObject({
      is: 'failed',
      why: expect.stringMatching(/CERT|SIGNED/),
    })
  })
  it('one that does not answer is given up within its limit', async () => {
    const silent = await robot('silent')
    expect(await webhookChannel(options(silent.url)).send(message, to)).toMatchObject({ is: 'failed' })
  }, 30_000)
})

const refusing = (responseCode: number) => Object.assign(new Error('no'), { responseCode })

describe('e-mail', () => {
  const send = (url: string) =>
    mailChannel({ id: 'mail', url, from: '值班 <zhiban@example.com>', perMinute: 60 }).send(message, {
      address: 'he@example.com',
      mention: [],
    })
  it('goes to one person, with the link, under the same id however often it is tried', async () => {
    const office = await postOffice({})
    expect((await send(office.url)).is).toBe('accepted')
    expect((await send(office.url)).is).toBe('accepted')
    const ids = office.mails.map(m => /^Message-ID: (.*)$/im.exec(m)?.[1])
    expect(ids).toEqual(['<01J0@zhiban>', '<01J0@zhiban>'])
    expect(office.mails[0]).toMatch(/^To: he@example.com$/m)
    expect(office.mails[0]).toMatch(/^Auto-Submitted: auto-generated$/im)
  })
  it.each([
    [450, 'limited'],
    [421, 'limited'],
    [454, 'failed'],
    [550, 'refused'],
  ] as const)('%s of the server is %s', async (code, is) => {
    const office = await postOffice({ onRcptTo: (_a, _s, done) => done(refusing(code)) })
    expect((await send(office.url)).is).toBe(is)
  })
  it('a server that is not there, or hangs up, or wants TLS that is not to be believed, is a failure that is said', async () => {
    expect((await send(`smtp://127.0.0.1:${await closedPort()}`)).is).toBe('failed')
    const hangsUp = createTcp(socket => socket.destroy())
    await new Promise<void>(done => hangsUp.listen(0, '127.0.0.1', done))
    closing.push(() => hangsUp.close())
    expect((await send(`smtp://127.0.0.1:${(hangsUp.address() as AddressInfo).port}`)).is).toBe('failed')
    const office = await postOffice({ disabledCommands: ['AUTH'] })
    expect(await send(`${office.url}?requireTLS=true`)).toMatchObject({ is: 'failed' })
    expect(office.mails).toEqual([])
  })
})
