import { createTransport } from 'nodemailer'
import { type Answer, answerMs, type Channel, failed } from '../channel.ts'

type Options = { id: string; url: string; from: string; perMinute: number }

/** SMTP answers of 4xx are for now, of 5xx for good (RFC 5321, 4.2.1); 421 and 45x are also how a server says: too much. */
const answerOf = (error: unknown): Answer => {
  const { responseCode, message } = error as { responseCode?: number; message?: string }
  if (responseCode === undefined) return failed(error)
  const why = `${responseCode} ${message ?? ''}`.slice(0, 200)
  if (responseCode === 421 || responseCode === 450 || responseCode === 451 || responseCode === 452) return { is: 'limited', why }
  return { is: responseCode >= 500 ? 'refused' : 'failed', why }
}

/** E-mail over SMTP, to one person each. The URL carries account and password, and `smtps:` or `?requireTLS=true` where it must be secret. */
export const mailChannel = ({ id, url, from, perMinute }: Options): Channel => {
  const transport = createTransport({
    url,
    connectionTimeout: answerMs,
    greetingTimeout: answerMs,
    socketTimeout: answerMs,
    dnsTimeout: answerMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  } as Parameters<typeof createTransport>[0])
  return {
    id,
    kind: 'mail',
    personal: true,
    perMinute,
    async send(m, { address }) {
      try {
        const sent = await transport.sendMail({
          from,
          to: address,
          subject: m.subject,
          text: m.link === null ? m.text : `${m.text}\n\n${m.link}`,
          // One message, however often it is tried: a mail program shows it once.
          messageId: `<${m.id}@zhiban>`,
          ...(m.level <= 2 ? { priority: 'high' as const } : {}),
          headers: { 'Auto-Submitted': 'auto-generated' },
        })
        return sent.rejected.length > 0
          ? { is: 'refused', why: `rejected: ${sent.response}` }
          : { is: 'accepted', ref: sent.response }
      } catch (error) {
        return answerOf(error)
      }
    },
  }
}
