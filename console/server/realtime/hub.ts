import type { Server as HttpServer } from 'node:http'
import { Server, type Socket } from 'socket.io'
import { ulid } from 'ulid'
import type { Change, ClientEvents, ServerEvents, Snapshot, Values } from '#api/events'
import type { User } from '#api/models/people'
import type { PointRef } from '#contract/names'
import type { PointValue } from '#contract/quality'
import type { Log } from '#program/log'
import { tokenOf } from '../auth/accounts.ts'

type Seat = { user: User; token: string; seq: number; refs: Set<string>; dirty: Set<PointRef> }
type ZhibanSocket = Socket<ClientEvents, ServerEvents, Record<never, never>, Seat>

const valuesMs = 250
const beatMs = 1000
const sessionCheckMs = 30_000
/** Packets waiting in a slow browser's connection before values are held back; the latest of each goes later. */
const slowPackets = 20
const maxRefs = 5000

export type HubOptions = {
  server: HttpServer
  log: Log
  wall(): number
  rate: number
  userOf(token: string | undefined): Promise<User | undefined>
  snapshot(user: User): Promise<Omit<Snapshot, 'seq' | 'server' | 'wall' | 'rate'>>
  valueOf(ref: PointRef): PointValue | undefined
  refsOf(device: string): PointRef[]
  readAt(device: string): number | undefined
  /** A change as this person may see it; undefined when not at all. */
  shownTo(user: User, change: Change): Change | undefined
  /** The hosts under which this console is reached; a foreign Origin is refused also for the upgrade. */
  sameOrigin(origin: string | undefined, host: string | undefined): boolean
}

/**
 * Live to the browsers: a snapshot at connect, then numbered changes (alarms, tickets and commands at once, values
 * coalesced). No recovery magic: on a gap the browser asks for a new snapshot (ux.md §0.7).
 */
export const openHub = (o: HubOptions) => {
  const serverId = ulid()
  const io = new Server<ClientEvents, ServerEvents, Record<never, never>, Seat>(o.server, {
    serveClient: false,
    maxHttpBufferSize: 200_000,
    pingInterval: 5000,
    pingTimeout: 5000,
    allowRequest(request, done) {
      if (!o.sameOrigin(request.headers.origin, request.headers.host)) return done('foreign origin', false)
      o.userOf(tokenOf(request.headers.cookie)).then(
        user => done(user ? null : 'not signed in', user !== undefined),
        () => done('unavailable', false),
      )
    },
  })

  const failed = (socket: ZhibanSocket, error: unknown) => {
    o.log.error({ err: error }, 'a browser could not be served')
    socket.disconnect(true)
  }
  const takeSeat = async (socket: ZhibanSocket) => {
    const token = tokenOf(socket.handshake.headers.cookie)
    const user = await o.userOf(token)
    if (!user || !token) {
      socket.emit('signed-out')
      return socket.disconnect(true)
    }
    Object.assign(socket.data, { user, token, seq: 0, refs: new Set(), dirty: new Set() } satisfies Seat)
    socket.on('watch', refs => {
      if (!Array.isArray(refs) || refs.length > maxRefs || refs.some(r => typeof r !== 'string' || r.length > 90)) return
      socket.data.refs = new Set(refs.flatMap(r => (r.endsWith('/*') ? [r, ...o.refsOf(r.slice(0, -2))] : [r])))
      socket.data.dirty = new Set([...socket.data.refs].filter(r => !r.endsWith('/*')))
      sendValues(socket)
    })
    socket.on('resync', () => {
      sendSnapshot(socket).catch(error => failed(socket, error))
    })
    await sendSnapshot(socket)
  }
  const sendSnapshot = async (socket: ZhibanSocket) => {
    // What is told while the books are being read would be undone by an older snapshot: then read them again.
    let before: number
    let body: Awaited<ReturnType<typeof o.snapshot>>
    do {
      before = socket.data.seq
      body = await o.snapshot(socket.data.user)
    } while (socket.data.seq !== before)
    socket.data.seq++
    socket.emit('snapshot', { ...body, seq: socket.data.seq, server: serverId, wall: o.wall(), rate: o.rate })
  }
  const sendValues = (socket: ZhibanSocket) => {
    const { dirty } = socket.data
    if (!dirty || dirty.size === 0) return
    const waiting = (socket.conn as unknown as { writeBuffer?: unknown[] }).writeBuffer?.length ?? 0
    if (waiting > slowPackets) return
    const rows: Values['rows'] = []
    const read: Values['read'] = {}
    for (const ref of dirty) {
      const value = o.valueOf(ref)
      if (value) rows.push([ref, value])
      const device = ref.slice(0, ref.indexOf('/'))
      read[device] ??= o.readAt(device) ?? 0
    }
    dirty.clear()
    socket.emit('values', { wall: o.wall(), rows, read })
  }
  io.on('connection', socket => {
    takeSeat(socket).catch(error => failed(socket, error))
  })
  const seats = () => [...io.sockets.sockets.values()].filter(s => s.data.user !== undefined)
  const timers = [
    setInterval(() => seats().forEach(sendValues), valuesMs),
    setInterval(() => {
      for (const s of seats()) s.emit('beat', { wall: o.wall(), seq: s.data.seq })
    }, beatMs),
    // An expired or revoked session must not keep its socket (faults.md §7).
    setInterval(() => {
      for (const s of seats())
        o.userOf(s.data.token).then(
          user => {
            if (user) return
            s.emit('signed-out')
            s.disconnect(true)
          },
          error => o.log.error({ err: error }, 'a session could not be checked'),
        )
    }, sessionCheckMs),
  ]
  return {
    tell(change: Change) {
      for (const socket of seats()) {
        const shown = o.shownTo(socket.data.user, change)
        if (!shown) continue
        socket.data.seq++
        socket.emit('change', socket.data.seq, shown)
      }
    },
    touch(refs: readonly PointRef[]) {
      for (const { data } of seats())
        for (const ref of refs) {
          if (data.refs.has(ref) || data.refs.has(`${ref.slice(0, ref.indexOf('/'))}/*`)) data.dirty.add(ref)
        }
    },
    signOut(token: string) {
      for (const socket of seats()) {
        if (socket.data.token !== token) continue
        socket.emit('signed-out')
        socket.disconnect(true)
      }
    },
    count: () => seats().length,
    /** Whoever has a screen before him, by the id of his account. */
    present: (): ReadonlySet<string> => new Set(seats().map(s => s.data.user.id)),
    async close() {
      for (const t of timers) clearInterval(t)
      await io.close()
    },
  }
}
export type Hub = ReturnType<typeof openHub>
