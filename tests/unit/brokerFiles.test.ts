import { pbkdf2Sync } from 'node:crypto'
import { expect, it } from 'vitest'
import { refusePublish } from '#contract/access'
import { consoleAgent, consoleWide, kindNames, kinds } from '#contract/kinds'
import { matchesFilter, topicOf } from '#contract/topics'
import { accountsOf } from '../../broker/accounts.ts'
import { aclFile, passwordFile } from '../../broker/mosquitto.ts'
import { demoSite } from '../harness/demoBuilding.ts'

const env = new Proxy({}, { get: (_, name) => `${String(name)}-secret` }) as Record<string, string>
const accounts = accountsOf(demoSite, env)
const agent = demoSite.agents[0]?.id ?? ''

/** What stands in the file for one account. */
const rulesOf = (user: string) => {
  const parts = aclFile(accounts).split(/^user /m)
  const mine = parts.find(p => p.startsWith(`${user}\n`)) ?? ''
  const of = (what: string) => [...mine.matchAll(new RegExp(`^topic ${what} (.+)$`, 'gm'))].map(m => m[1] ?? '')
  return { write: of('write'), read: of('read') }
}

it('Mosquitto lets each account write exactly what our broker lets it', () => {
  const topics = [
    ...kindNames.map(kind => ({
      topic: topicOf(kind, {
        site: demoSite.site,
        agent: consoleWide.has(kind) ? consoleAgent : agent,
        device: 'ahu-1',
        point: 'p',
        page: '0',
      }),
      retain: kinds[kind].retain,
    })),
    ...demoSite.devices.flatMap(d => (d.prefix ? [{ topic: `${d.prefix}/state`, retain: false }] : [])),
    { topic: `zhiban/1/${demoSite.site}/another/status`, retain: true },
    { topic: 'zhiban/1/elsewhere/tower/status', retain: true },
  ]
  for (const { account } of accounts)
    for (const { topic, retain } of topics) {
      const written = rulesOf(account.user).write.some(f => matchesFilter(f, topic))
      expect([account.user, topic, written]).toEqual([account.user, topic, refusePublish(account, topic, retain) === undefined])
    }
})

it('passwords stand there as mosquitto_passwd writes them, each with a salt of its own', () => {
  const lines = passwordFile(accounts).trim().split('\n')
  expect(lines).toHaveLength(accounts.length)
  expect(new Set(lines.map(l => l.split('$')[3])).size).toBe(lines.length)
  const [user = '', rest = ''] = lines[0]?.split(':') ?? []
  const [, version, rounds, salt = '', hash = ''] = rest.split('$')
  expect([version, rounds]).toEqual(['7', '101'])
  const password = accounts.find(a => a.account.user === user)?.password ?? ''
  expect(pbkdf2Sync(password, Buffer.from(salt, 'base64'), 101, 64, 'sha512').toString('base64')).toBe(hash)
  expect(passwordFile(accounts)).not.toContain('secret')
})
