import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Staff } from '#api/models/staff'
import { packageRoot } from '#program/environment'
import { closeOutside, postOffice, robot } from '../harness/outside.ts'
import { signIn } from '../harness/person.ts'
import { freePorts, startStack } from '../harness/stack.ts'
import { dice } from './dice.ts'

const start = '2026-11-24T03:00:00+08:00'
const mostLateMs = 1500
const mailLateMs = 400

type Call = { afterS: number; post: string; by: readonly string[] }
/** Short, so that a kill finds each of its moments. A robot stands once in a chain: what it hears names its delivery by the ticket alone. */
export const chains: Readonly<Record<number, readonly Call[]>> = {
  1: [
    { afterS: 0, post: 'fire-watch', by: ['mail', 'robot'] },
    { afterS: 4, post: 'crs', by: ['mail', 'hook'] },
    { afterS: 9, post: 'csm', by: ['mail'] },
  ],
  2: [
    { afterS: 1, post: 'guard', by: ['mail', 'hook'] },
    { afterS: 6, post: 'crs', by: ['mail', 'robot'] },
  ],
}
const userAt: Readonly<Record<string, string>> = {
  'fire-watch': 'operator',
  crs: 'supervisor',
  csm: 'manager',
  guard: 'guard',
}
/** Where a message of this step of a chain goes: a robot speaks to a group and has no address. */
export const addressOf = (level: number, step: number, channel: string): string =>
  channel === 'mail' ? `${userAt[chains[level]?.[step]?.post ?? '']}@example.com` : ''

const words = (text: string) => ({ zh: text, en: text })
const step = (text: string, posts: readonly string[], more: { withinS?: number; after?: number } = {}) => ({
  ...{ text: words(text), owner: words(text), posts },
  ...more,
})
const plan = (kind: string, level: number, steps: readonly object[]) => ({
  ...{ kind, level, steps },
  ...{ name: words(kind), source: 'campaign' },
})
const plans = [
  plan('fire', 1, [
    step('look', ['fire-watch'], { withinS: 2 }),
    step('go there', ['guard'], { withinS: 6 }),
    step('call out', ['guard'], { withinS: 2, after: 1 }),
    step('lead', ['lead'], { withinS: 3, after: 3 }),
    step('tell the tenants', ['fd'], { withinS: 3600 }),
    step('count', ['guard']),
  ]),
  plan('intrusion', 2, [
    step('tell', ['fire-watch'], { withinS: 3 }),
    step('go there', ['guard'], { withinS: 2, after: 1 }),
    step('wait for the police', ['guard'], { after: 2 }),
  ]),
]
const more = () => ({
  channels: [
    { id: 'mail', kind: 'mail', name: words('mail'), url: 'env:ZHIBAN_TEST_SMTP', from: 'zhiban@example.com', perMinute: 1000 },
    { id: 'robot', kind: 'wecom', name: words('robot'), url: 'env:ZHIBAN_TEST_ROBOT', perMinute: 1000 },
    { id: 'hook', kind: 'webhook', name: words('hook'), url: 'env:ZHIBAN_TEST_HOOK', perMinute: 1000 },
  ],
  calls: Object.entries(chains).map(([level, chain]) => ({
    level: Number(level),
    chain: chain.map(c => ({ afterS: c.afterS, to: [`post:${c.post}`], by: c.by })),
  })),
  plans,
})

/** A message as it arrived: the tickets that it names, how many more it only counts, and its link, where it has one. */
export type Message = {
  at: number
  channel: string
  address: string
  /** Of its delivery, where the channel carries it. */
  id: string | null
  numbers: ReadonlySet<string>
  unnamed: number
  token: string | null
}
const read = (at: number, channel: string, address: string, id: string | null, text: string): Message => ({
  ...{ at, channel, address, id },
  numbers: new Set(text.match(/EM-\d{8}-\d{4}/g)),
  unnamed: Number(/and (\d+) more/.exec(text)?.[1] ?? 0),
  token: /\/on-call\/([\w-]{32})/.exec(text)?.[1] ?? null,
})
/** A mail's own words, as they were before the wire. */
const unfolded = (mail: string): string => {
  const [head = '', ...body] = mail.split('\r\n\r\n')
  const text = body.join('\r\n\r\n')
  if (/encoding: base64/i.test(head)) return Buffer.from(text, 'base64').toString('utf8')
  return text.replaceAll('=\r\n', '')
}

/** The demo's tower with chains of calls, and outside it a mail server and two robots that take what they hear at once and say so late. */
export const openHouse = async (seed: number) => {
  const folder = mkdtempSync(join(tmpdir(), 'zhiban-emergencies-'))
  const chance = dice(seed)
  const late = () => chance.below(mostLateMs)
  const mails: Message[] = []
  let unanswered = 0
  const office = await postOffice({
    onData(stream, session, done) {
      let text = ''
      stream.on('data', chunk => {
        text += chunk
      })
      stream.on('end', () => {
        const to = session.envelope.rcptTo[0]?.address ?? ''
        mails.push(read(Date.now(), 'mail', to, /Message-ID: <(\w+)@/i.exec(text)?.[1] ?? null, unfolded(text)))
        unanswered++
        setTimeout(() => {
          unanswered--
          done()
        }, chance.below(mailLateMs))
      })
    },
  })
  const group = await robot({ json: { errcode: 0 } }, late)
  const hook = await robot({ json: {} }, late)
  const sites = join(packageRoot, 'simulators/sites')
  // Its plans give way to ours; a file of YAML takes what is JSON.
  const demo = readFileSync(join(sites, 'demo.yaml'), 'utf8').replace(/^plans:\n(?: .*\n)+/m, '')
  const ours = Object.entries(more()).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
  writeFileSync(join(folder, 'site.yaml'), demo + ours.join(''))
  copyFileSync(join(sites, 'demo.desk.yaml'), join(folder, 'site.desk.yaml'))
  const leave = async () => {
    await closeOutside()
    rmSync(folder, { recursive: true, force: true })
  }
  const [port = 0] = await freePorts(1)
  const stack = await startStack({
    ...{ at: start, only: ['broker', 'console'] },
    site: join(folder, 'site.yaml'),
    env: {
      ...{ ZHIBAN_TEST_SMTP: office.url, ZHIBAN_TEST_ROBOT: group.url, ZHIBAN_TEST_HOOK: hook.url },
      ...{ ZHIBAN_HTTP_PORT: String(port), ZHIBAN_PUBLIC_URL: `http://127.0.0.1:${port}`, ZHIBAN_LOG: 'warn' },
    },
  }).catch(async error => {
    await leave()
    throw error
  })
  const admin = await signIn(stack.url, 'admin')
  const { people } = (await admin.get<Staff>('/staff')).body
  for (const { id, name, display, postId: post } of people.filter(p => Object.values(userAt).includes(p.name))) {
    const file = { display, post, tel: '13900001001', mail: `${name}@example.com`, languages: '', leave: [] }
    const { status } = await admin.call('PUT', `/staff/${id}`, file)
    if (status >= 300) throw new Error(`${name} got no address: ${status}`)
  }
  return {
    stack,
    /** All that has arrived outside, in the order in which it did, by the clock of the house. */
    arrived(): Message[] {
      const ahead = stack.now() - Date.now()
      return [
        ...mails,
        ...group.heard.map(h => read(h.at, 'robot', '', null, h.body)),
        ...hook.heard.map(h => read(h.at, 'hook', '', JSON.parse(h.body).id, h.body)),
      ]
        .map(m => ({ ...m, at: m.at + ahead }))
        .toSorted((a, b) => a.at - b.at)
    },
    /** Whether something has arrived and its sender does not know it yet. */
    holding: () => unanswered + group.unanswered + hook.unanswered > 0,
    async close() {
      await stack.stop()
      await leave()
    },
  }
}
export type House = Awaited<ReturnType<typeof openHouse>>
