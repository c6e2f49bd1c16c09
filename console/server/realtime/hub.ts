import { createServer, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { Server } from 'socket.io'
import type { Change, ClientEvents, PaceView, ServerEvents, Snapshot } from '#api/events'
import type { CaseHead } from '#api/models/cases'
import type { User } from '#api/models/people'
import type { PointRef } from '#contract/names'
import { onErrand } from '#program/errand'
import type { Log } from '#program/log'
import { tokenOf } from '../auth/accounts.ts'
import { perPerson } from './inTurn.ts'
import { type LiveSocket, Seat, type SeatParts } from './seat.ts'
import { Sessions } from './sessions.ts'

type Engine = { handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void }

const newsMs = 250
const sessionCheckMs = 30_000

export type HubOptions = Omit<SeatParts, 'snapshot'> & {
  log: Log
  /** Which start of the console this is. */
  server: string
  pace(): PaceView
  userOf(token: string | undefined): Promise<User | undefined>
  snapshot(user: User): Promise<Omit<Snapshot, 'seq' | 'server' | 'wall' | 'pace'>>
  /** A change as this person may see it; undefined when not at all. */
  shownTo(user: User, change: Change): Change | undefined
  /** The hosts under which this console is reached; a foreign Origin is refused also for the upgrade. */
  sameOrigin(origin: string | undefined, host: string | undefined): boolean
  /** Whether a case comes before everything else. */
  isFirst(head: CaseHead): boolean
  /** An event of a screen has failed by a bug. */
  bug(error: unknown, what: string): void
  /** Answers an upgrade with a refusal. */
  refuse(socket: Duplex, status: string): void
}

/** Seconds count, or somebody waits for what becomes of it. */
const isUrgent = (o: Pick<HubOptions, 'isFirst'>, change: Change): boolean =>
  (change.kind === 'alarm' && change.alarm.level <= 2) ||
  (change.kind === 'case' && o.isFirst(change.head)) ||
  change.kind === 'command'

/**
 * Live to the browsers: a snapshot at connect, then numbered news: level 1 and 2 and what a person did at once, everything else
 * collected for a quarter of a second. No recovery magic: on a gap the browser asks for a new snapshot (ux.md §0.7).
 */
export const openHub = (o: HubOptions) => {
  // It hears of no request by itself: whoever owns the paths hands it the upgrades that are its own.
  const io = new Server<ClientEvents, ServerEvents>(createServer(), {
    serveClient: false,
    transports: ['websocket'],
    maxHttpBufferSize: 200_000,
    connectTimeout: 5000,
    pingInterval: 5000,
    pingTimeout: 5000,
  })
  const sessions = new Sessions(o.mono)
  const inTurn = perPerson()
  const seats = new Map<LiveSocket, Seat>()
  const parts: SeatParts = {
    ...o,
    snapshot: (user, wanted) =>
      inTurn(user.id, async () =>
        wanted() ? { ...(await o.snapshot(user)), server: o.server, wall: o.wall(), pace: o.pace() } : undefined,
      ),
  }

  const takeSeat = async (socket: LiveSocket, failed: (error: unknown) => void) => {
    const token = tokenOf(socket.handshake.headers.cookie)
    const user = await o.userOf(token)
    if (!socket.connected) return
    if (!user || !token) {
      socket.emit('signed-out')
      return socket.disconnect(true)
    }
    const seat = new Seat(socket, user, token, parts, failed)
    seats.set(socket, seat)
    socket.on('disconnect', () => seats.delete(socket))
    socket.on('watch', refs => onErrand({ failed }, () => seat.watch(refs)))
    socket.on('sound', on => seat.noteSound(on === true))
    socket.on('resync', () => onErrand({ failed }, () => seat.resync()))
    seat.resync()
  }
  io.on('connection', socket => {
    const token = tokenOf(socket.handshake.headers.cookie) ?? ''
    let cut = false
    socket.conn.on('packet', () => {
      if (cut || sessions.maySay(token)) return
      cut = true
      o.log.warn({ user: seats.get(socket)?.user.name }, 'a screen has sent too much and was cut off')
      socket.disconnect(true)
    })
    const failed = (error: unknown) => {
      o.bug(error, 'live')
      socket.disconnect(true)
    }
    onErrand({ failed }, () => takeSeat(socket, failed))
  })

  const each = (act: (seat: Seat) => void) => () => {
    for (const seat of seats.values()) act(seat)
  }
  const send = each(seat => seat.send())
  /** What may not wait for the next tick (seconds count, or a person has his hand on the button) goes with all that is told in this turn. */
  let soon: ReturnType<typeof setImmediate> | undefined
  const sendSoon = () => {
    soon ??= setImmediate(() => {
      soon = undefined
      send()
    })
  }
  /** An expired or revoked session must not keep its socket (faults.md §7), nor one that is told by rights that it had before. */
  const judge = (seat: Seat, user: User | undefined) => {
    if (user?.roles.join() !== seat.user.roles.join()) return seat.leave()
    if (user.locked === seat.user.locked) return
    seat.user = user
    seat.resync()
  }
  const review = each(seat => {
    o.userOf(seat.token).then(
      user => judge(seat, user),
      error => o.log.error({ err: error }, 'a session could not be checked'),
    )
  })
  const timers = [setInterval(send, newsMs), setInterval(review, sessionCheckMs)]
  return {
    /** Judges who asks to be connected, and connects him. */
    async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
      const { origin, host, cookie } = request.headers
      if (!o.sameOrigin(origin, host)) return o.refuse(socket, '403 Forbidden')
      const token = tokenOf(cookie)
      const user = await o.userOf(token)
      if (!user || !token) return o.refuse(socket, '401 Unauthorized')
      if (socket.destroyed) return
      if (!sessions.admit(token, user.id, socket)) return o.refuse(socket, '429 Too Many Requests')
      ;(io.engine as unknown as Engine).handleUpgrade(request, socket, head)
    },
    tell(change: Change) {
      for (const seat of seats.values()) {
        const shown = o.shownTo(seat.user, change)
        if (shown) seat.tell(shown)
      }
      if (isUrgent(o, change)) sendSoon()
    },
    sendSoon,
    touch(refs: readonly PointRef[]) {
      for (const seat of seats.values()) seat.touch(refs)
    },
    signOut(token: string) {
      for (const seat of seats.values()) if (seat.token === token) seat.leave()
    },
    review,
    count: () => seats.size,
    /** Whose stations sound their alarms now. */
    sounding: (): string[] => [...seats.values()].flatMap(s => (s.sounds ? [s.user.display] : [])),
    /** Whoever has a screen before him, by the id of his account. */
    present: (): ReadonlySet<string> => new Set([...seats.values()].map(s => s.user.id)),
    async close() {
      clearImmediate(soon)
      for (const t of timers) clearInterval(t)
      await io.close()
    },
  }
}
export type Hub = ReturnType<typeof openHub>
