import { createHmac } from 'node:crypto'
import type { Answer, Channel, Outgoing } from '../channel.ts'
import { type Posted, postJson } from './post.ts'

type Options = { id: string; url: string; secret: string | undefined; perMinute: number }

const lines = (m: Outgoing) => [m.subject, m.text, ...(m.link === null ? [] : [m.link])].join('\n')

/** Robots answer 200 whatever they think; what they think stands in a code. `limits`: those that mean too much at once. */
const judge =
  (key: 'errcode' | 'code', limits: readonly number[], passing: readonly number[]) =>
  ({ body }: Posted): Answer => {
    const code = body[key]
    if (code === 0) return { is: 'accepted', ref: '' }
    const why = `${key} ${String(code)} ${String(body['errmsg'] ?? body['msg'] ?? '')}`.trim().slice(0, 200)
    if (typeof code === 'number' && limits.includes(code)) return { is: 'limited', why }
    // An answer that is none is the way's fault; a code that is not known is the message's, or the key's.
    return { is: typeof code !== 'number' || passing.includes(code) ? 'failed' : 'refused', why }
  }

/** WeCom group robot: 20 messages a minute; 45009 is too many, -1 the system is busy (developer.work.weixin.qq.com, 群机器人). */
export const wecomChannel = ({ id, url, perMinute }: Options): Channel => ({
  ...{ id, kind: 'wecom', personal: false, perMinute },
  send(m, { mention }) {
    const text = { content: lines(m), ...(mention.length > 0 ? { mentioned_mobile_list: mention } : {}) }
    return postJson(url, JSON.stringify({ msgtype: 'text', text }), {}, judge('errcode', [45009, 45033], [-1]))
  },
})

/**
 * DingTalk group robot: 20 messages a minute; 130101 is too many, -1 and 410100 too busy. With a secret the time and its HMAC stand in the address
 * (open.dingtalk.com, 自定义机器人安全设置).
 */
export const dingtalkChannel = ({ id, url, secret, perMinute }: Options): Channel => ({
  ...{ id, kind: 'dingtalk', personal: false, perMinute },
  send(m, { mention }) {
    const to = new URL(url)
    if (secret !== undefined) {
      const timestamp = String(Date.now())
      to.searchParams.set('timestamp', timestamp)
      to.searchParams.set('sign', createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64'))
    }
    // Somebody is only called where his number stands in the text.
    const content = [lines(m), ...mention.map(tel => `@${tel}`)].join('\n')
    const body = { msgtype: 'text', text: { content }, at: { atMobiles: mention, isAtAll: false } }
    return postJson(String(to), JSON.stringify(body), {}, judge('errcode', [130101, 660026], [-1, 410100]))
  },
})

/** Feishu group robot: 100 a minute and 5 a second; 11232 is too many. The key of its HMAC is time and secret (open.feishu.cn, 自定义机器人). */
export const feishuChannel = ({ id, url, secret, perMinute }: Options): Channel => ({
  ...{ id, kind: 'feishu', personal: false, perMinute },
  send(m) {
    const timestamp = String(Math.floor(Date.now() / 1000))
    const sign = secret === undefined ? {} : { timestamp, sign: createHmac('sha256', `${timestamp}\n${secret}`).digest('base64') }
    const body = { ...sign, msg_type: 'text', content: { text: lines(m) } }
    return postJson(url, JSON.stringify(body), {}, judge('code', [11232, 9499], []))
  },
})

/**
 * A webhook of the site's own: JSON, with `x-zhiban-signature: t=<s>,v1=<HMAC-SHA256 of "t.body">` where there is a secret. Any 2xx is accepted; whoever gets a
 * message twice knows it by its id.
 */
export const webhookChannel = ({ id, url, secret, perMinute }: Options): Channel => ({
  ...{ id, kind: 'webhook', personal: false, perMinute },
  send({ link, ...m }, { mention }) {
    const body = JSON.stringify({ ...m, link, mention })
    const at = Math.floor(Date.now() / 1000)
    const mac = secret === undefined ? undefined : createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')
    const signature: Record<string, string> = mac === undefined ? {} : { 'x-zhiban-signature': `t=${at},v1=${mac}` }
    return postJson(url, body, { 'x-zhiban-delivery': m.id, ...signature }, () => ({ is: 'accepted', ref: '' }))
  },
})
