import { resolveSetting } from '#contract/parseSite'
import type { SiteChannel } from '#contract/site'
import type { Channel } from './channel.ts'
import { mailChannel } from './channels/mail.ts'
import { dingtalkChannel, feishuChannel, webhookChannel, wecomChannel } from './channels/robots.ts'

const makers = { wecom: wecomChannel, dingtalk: dingtalkChannel, feishu: feishuChannel, webhook: webhookChannel }

/** The channels of the site file; addresses and secrets come from the environment alone. Throws what to set where something is missing. */
export const openChannels = (
  channels: readonly SiteChannel[],
  env: Record<string, string | undefined>,
): ReadonlyMap<string, Channel> => {
  const secretOf = (text: string): string => {
    const value = resolveSetting(text, env)
    if (value === undefined || value === '')
      throw new Error(`set ${text.replace('env:', '')}, which the site file's channels name`)
    return value
  }
  return new Map(
    channels.map(c => {
      const { id, perMinute } = c
      const url = secretOf(c.url)
      if (c.kind === 'mail') return [id, mailChannel({ id, url, from: c.from, perMinute })]
      const secret = c.secret === undefined ? undefined : secretOf(c.secret)
      return [id, makers[c.kind]({ id, url, secret, perMinute })]
    }),
  )
}
