import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

/** What stands outside the house and does as it likes: mail servers, group robots. */
export const closing: (() => unknown)[] = []
export const closeOutside = async () => {
  for (const close of closing.splice(0)) await close()
}

type Heard = { url: string; headers: IncomingMessage['headers']; body: string; at: number }
/** An HTTP server that answers as it is told: a status and a body, silence, or a cut; and so many ms late. */
export const robot = async (
  answer: { status?: number; json?: unknown; text?: string } | 'silent' | 'cut',
  lateMs: () => number = () => 0,
) => {
  const heard: Heard[] = []
  let unanswered = 0
  const server: Server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    heard.push({ url: request.url ?? '', headers: request.headers, body, at: Date.now() })
    unanswered++
    response.once('close', () => unanswered--)
    if (answer === 'silent') return
    if (answer === 'cut') return request.socket.destroy()
    const late = lateMs()
    if (late > 0) await new Promise(done => setTimeout(done, late))
    response.statusCode = answer.status ?? 200
    response.end(answer.text ?? JSON.stringify(answer.json ?? {}))
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/robot?key=k`,
    heard,
    /** What it has heard and not answered yet. */
    get unanswered() {
      return unanswered
    },
  }
}
/** A mail server that takes what it is told to. */
export const postOffice = async (o: SMTPServerOptions) => {
  const mails: string[] = []
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    onData(stream, _session, done) {
      let text = ''
      stream.on('data', chunk => {
        text += chunk
      })
      stream.on('end', () => {
        mails.push(text)
        done()
      })
    },
    ...o,
  })
  server.on('error', () => {})
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  closing.push(() => new Promise<void>(done => server.close(() => done())))
  return { url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`, mails }
}
