import type { RouteKey } from '#api/routes/all'
import type { Route } from '#program/httpApi'
import type { Reactions } from '../agents/reactions.ts'
import type { Chapter } from '../engine/chapter.ts'
import type { Asker, Desk } from './desk.ts'

/** Something that is looked for every second; what fails is tried again with the next. */
export type Chore = { what: string; act(): Promise<unknown> }

/** A route that takes a file of whoever has the right link. */
export type OpenUpload = {
  key: RouteKey
  /** The case that it is for; throws where none is taken. It is asked before a byte is read. */
  admits(params: Readonly<Record<string, string>>): Promise<string>
}

/** One thing that people do: its chapter of the manual, and what it does at the desk besides. */
export type Subject = Chapter & {
  routes?(desk: Desk): Route<Asker>[]
  /** What is open to whoever has the right link, signed in or not. */
  openRoutes?(desk: Desk): Route<undefined>[]
  /** Files that its open routes take. */
  openUploads?(desk: Desk): OpenUpload[]
  /** What it does about what the building reports. */
  reactions?(desk: Desk): Partial<Reactions>
  chores?(desk: Desk): Chore[]
}
