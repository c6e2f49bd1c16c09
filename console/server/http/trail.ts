import type { Request, Response } from 'express'
import type { AuditKind } from '#api/models/audit'
import { storeFailed } from '#store/openStore'
import { type Actor, audit } from '../books/audit.ts'
import type { Desk } from '../desk/desk.ts'

/** The same thing by the same person is written down once in so long: who tries in a loop fills no books. */
const onceMs = 60_000
const mostRemembered = 10_000

/** What leaves no other trace: who was let in or refused, left, or took something out of the house. */
export const openTrail = ({ unit, log }: Pick<Desk, 'unit' | 'log'>) => {
  const noted = new Map<string, number>()
  const isNew = (key: string) => {
    const now = Date.now()
    if (now - (noted.get(key) ?? 0) < onceMs) return false
    if (noted.size >= mostRemembered) noted.clear()
    noted.set(key, now)
    return true
  }
  /** While the books take nothing people are let in and answered all the same: it is said in the log. */
  const note = (actor: Actor, what: AuditKind, subject: string, detail: Record<string, unknown> = {}): Promise<void> =>
    unit(actor, work => audit(work.tx, work.at, work.actor, what, subject, detail)).then(
      () => {},
      error => {
        if (!storeFailed(error)) throw error
        log.warn({ err: error, what, subject, by: actor.id }, 'what happened could not be recorded')
      },
    )
  const noteOnce = async (actor: Actor, what: AuditKind, subject: string): Promise<void> => {
    if (isNew(`${actor.id} ${actor.station} ${what} ${subject}`)) await note(actor, what, subject)
  }
  return { note, noteOnce }
}
export type Trail = ReturnType<typeof openTrail>

/** A path as it was asked for, without what only the browser says. */
const asked = (request: Request) => {
  const [path = '', query = ''] = request.originalUrl.split('?', 2)
  const said = new URLSearchParams(query)
  said.delete('language')
  return decodeURIComponent(path.replace(/^\/api/, '')) + (said.size > 0 ? `?${said}` : '')
}

/** Whatever goes out as a file stands in the audit, whichever route has sent it; noted when it has gone. */
export const followFiles = (trail: Trail, actor: Actor, request: Request, response: Response): void => {
  response.once('finish', () => {
    if (response.statusCode !== 200 || !response.hasHeader('content-disposition')) return
    const about: unknown = response.locals['about']
    if (typeof about === 'string') void trail.note(actor, 'file-read', about, { file: asked(request) })
    else void trail.note(actor, 'exported', asked(request))
  })
}
