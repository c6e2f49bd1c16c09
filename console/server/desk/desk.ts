import type { Request } from 'express'
import { z } from 'zod'
import type { User } from '#api/models/people'
import type { Catalogue } from '#contract/profile'
import { type Route, route } from '#program/httpApi'
import type { Log } from '#program/log'
import type { WallClock } from '#program/wallClock'
import type { AlarmViews } from '../agents/alarms/alarmViews.ts'
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
  /** Alarms with what only the live side knows: what is not recorded yet, and whether they are verified. */
  alarms: AlarmViews
  unrecorded: Unrecorded
  profiles: Catalogue
  wallWatch: WallWatch
  /** Whoever has a screen of this console before him now, by the id of his account. */
  present(): ReadonlySet<string>
  /** Brings a demo's clock back to real time and says from when on that holds. */
  realTime(at: number): number
}

/** A month as it is asked for. */
export const month = z.string().regex(/^[1-9]\d{3}-(0[1-9]|1[0-2])$/, 'write YYYY-MM')

/** Who asks: a signed-in user, or nobody on the few routes that are open. */
export type Asker = { user: User; actor: Actor }

export const stationOf = (request: Request): string => request.socket.remoteAddress ?? 'unknown'
export const actorOf = (user: User, request: Request): Actor => ({
  id: user.id,
  display: user.display,
  station: stationOf(request),
})

type None = z.ZodObject<Record<never, never>>

/** A route of this console: `who` is always a signed-in user. */
export const deskRoute = <
  P extends z.ZodObject = None,
  Q extends z.ZodObject = None,
  B extends z.ZodType = z.ZodUndefined,
  A extends z.ZodType = z.ZodType,
>(
  r: Parameters<typeof route<Asker, P, Q, B, A>>[0],
): Route<Asker> => route<Asker, P, Q, B, A>(r)
