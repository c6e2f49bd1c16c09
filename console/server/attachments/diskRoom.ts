import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { appendFile, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'

const mega = 1024 * 1024
/** Alarmed below the first, no attachments below the second; on a small disk a share of it. */
const lowBytes = 512 * mega
const uploadBytes = 256 * mega
const lowShare = 0.1
const uploadShare = 0.05
/** Kept from everybody while there is room, and given back to the books when there is none. */
const reserveBytes = 16 * mega
const reserveShare = 0.02

type Measure = { bsize: number; blocks: number; bavail: number }
export type Room = { free: number; low: boolean; uploads: boolean }

/** What the free bytes of a disk mean. */
export const roomOf = (free: number, size: number): Room => ({
  free,
  low: free < Math.min(lowBytes, size * lowShare),
  uploads: free >= Math.min(uploadBytes, size * uploadShare),
})

/**
 * Watches the disk on which the books stand. A reserve is set aside while there is room; a full disk gives it up, so that
 * people can still sign in and acknowledge what is alarmed.
 */
export const openDiskRoom = (folder: string, measure: () => Promise<Measure> = () => statfs(folder)) => {
  mkdirSync(folder, { recursive: true })
  const reserve = join(folder, 'reserve')
  let room: Room = { free: Number.POSITIVE_INFINITY, low: false, uploads: true }
  const reserved = () => (existsSync(reserve) ? statSync(reserve).size : 0)
  return {
    get room() {
      return room
    },
    /** Bytes that could be given up. */
    reserved,
    async look(): Promise<Room> {
      const { bsize, blocks, bavail } = await measure()
      room = roomOf(bsize * bavail, bsize * blocks)
      const wanted = Math.min(reserveBytes, Math.floor(bsize * blocks * reserveShare))
      const missing = wanted - reserved()
      // Little by little, so that the books do not wait for it; not zeros, which take no room on a disk that compresses.
      if (missing > 0 && !room.low) await appendFile(reserve, randomBytes(Math.min(mega, missing)))
      if (room.free < wanted) await rm(reserve, { force: true })
      return room
    },
  }
}
export type DiskRoom = ReturnType<typeof openDiskRoom>
