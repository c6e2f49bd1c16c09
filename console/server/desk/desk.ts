import type { Request, Response } from 'express'
import type { User } from '#api/models/people'
import { type AnswerOf, type Parsed, type RouteKey, routes } from '#api/routes/all'
import type { Catalogue } from '#contract/profile'
import type { Route } from '#program/httpApi'
import type { Log } from '#program/log'
import type { WallClock } from '#program/wallClock'
import type { AlarmViews } from '../agents/alarms/alarmViews.ts'
import type { OwnAlarm } from '../agents/alarms/consoleAlarms.ts'
import type { Suppressions } from '../agents/alarms/suppressions.ts'
import type { Unrecorded } from '../agents/alarms/unrecorded.ts'
import type { Commands } from '../agents/link/commands.ts'
import type { ProgrammeBook } from '../agents/programme/programmeBook.ts'
import type { Reactions } from '../agents/reactions.ts'
import type { AttachmentFiles } from '../attachments/attachmentFiles.ts'
import type { Uploads } from '../attachments/uploads.ts'
import type { Accounts } from '../auth/accounts.ts'
import type { Actor } from '../books/audit.ts'
import type { WatchedBooks } from '../books/booksWatch.ts'
import type { UnitOfWork } from '../books/unitOfWork.ts'
import type { CaseEngine } from '../engine/cases/caseEngine.ts'
import type { DutyBook } from '../engine/routines/dutyBook.ts'
import type { Mirror } from '../mirror/mirror.ts'
import type { WallWatch } from '../mirror/wallWatch.ts'
import type { Channel } from '../notify/channel.ts'
import type { Directory } from '../site/directory.ts'
import type { SiteRules } from '../site/siteRules.ts'

/** What routes, reactions and chores stand on. */
export type Desk = {
  books: WatchedBooks
  unit: UnitOfWork
  accounts: Accounts
  engine: CaseEngine
  rules: SiteRules
  files: AttachmentFiles
  uploads: Uploads
  duties: DutyBook
  reactions: Reactions
  directory: Directory
  mirror: Mirror
  commands: Commands
  programme: ProgrammeBook
  log: Log
  wall(): number
  clock: WallClock
  signedOut(token: string): void
  /** Some sessions may be over or be allowed less, and a one-time password of no use any more. */
  rightsChanged(): Promise<void>
  /** Alarms with what only the live side knows: what is not recorded yet, and whether they are verified. */
  alarms: AlarmViews
  unrecorded: Unrecorded
  suppressions: Suppressions
  profiles: Catalogue
  wallWatch: WallWatch
  /** Which start of the console this is: with each the site file is read anew. */
  server: string
  /** Where the site file lies, and the pictures that it names. */
  siteFolder: string
  /** How people are told who are not at a screen. */
  channels: ReadonlyMap<string, Channel>
  /** Whoever has a screen of this console before him now, by the id of his account. */
  present(): ReadonlySet<string>
  /** Whose stations sound their alarms now. */
  sounding(): readonly string[]
  /** An alarm that only the console can see: brings it to stand, or to return. */
  ownAlarm(alarm: OwnAlarm, active: boolean): Promise<unknown>
  /** Brings a demo's clock back to real time and says from when on that holds. */
  realTime(at: number): number
}

/** Who asks: a signed-in user, or nobody on the few routes that are open. */
export type Asker = { user: User; actor: Actor }

/** The address that a request came from; what a proxy says of it counts only where the site trusts that proxy. */
export const stationOf = (request: Request): string => request.ip ?? 'unknown'
export const actorOf = (user: User, request: Request): Actor => ({
  id: user.id,
  display: user.display,
  station: stationOf(request),
})

/** What a handler gets of a request, and who asks. */
type Heard<K extends RouteKey> = {
  params: Parsed<K, 'params'>
  query: Parsed<K, 'query'>
  body: Parsed<K, 'body'>
  who: Asker
  request: Request
  response: Response
}

/** Answers one operation of the table: `who` is always a signed-in user. */
export const deskRoute = <K extends RouteKey>(
  key: K,
  handle: (heard: Heard<K>) => Promise<AnswerOf<K>> | AnswerOf<K>,
): Route<Asker> => routeOf(key, handle)

/** An operation of the table with what answers it. */
export const routeOf = <W>(key: RouteKey, handle: unknown): Route<W> => {
  const [method = '', path = ''] = key.split(' ')
  return { ...routes[key], method: method.toLowerCase(), path, handle } as unknown as Route<W>
}
