import { pbkdf2Sync, randomBytes } from 'node:crypto'
import { allowedFilters, publishedFilters } from '#contract/access'
import { packetLimits } from '#contract/kinds'
import type { Known } from './accounts.ts'

/** What Mosquitto 2 needs to stand in the place of our broker, made from the wire's own table. */

/** As mosquitto_passwd writes it: PBKDF2 with SHA-512, 101 rounds, a salt of 12 bytes, 64 bytes. */
const rounds = 101
const hashed = (password: string): string => {
  const salt = randomBytes(12)
  const hash = pbkdf2Sync(password, salt, rounds, 64, 'sha512')
  return `$7$${rounds}$${salt.toString('base64')}$${hash.toString('base64')}`
}

export const passwordFile = (accounts: readonly Known[]): string =>
  accounts.map(({ account, password }) => `${account.user}:${hashed(password)}\n`).join('')

export const aclFile = (accounts: readonly Known[]): string =>
  accounts
    .map(({ account }) =>
      [
        `user ${account.user}`,
        ...publishedFilters(account).map(f => `topic write ${f}`),
        ...allowedFilters(account).map(f => `topic read ${f}`),
        '',
      ].join('\n'),
    )
    .join('\n')

/** Nothing is kept for the absent; a list of ten thousand devices is not cut off on its way to a console that has just come. */
export const configFile = (o: {
  port: number
  bind: string
  passwords: string
  acl: string
}): string => `listener ${o.port} ${o.bind}
allow_anonymous false
password_file ${o.passwords}
acl_file ${o.acl}
persistence false
set_tcp_nodelay true
message_size_limit ${packetLimits.program}
max_queued_messages 100000
max_keepalive 300
`
