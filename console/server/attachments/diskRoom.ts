import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { open, rename, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'

const mega = 1024 * 1024
/** Alarmed below the first, no attachments below the second; on a small disk a share of it. */
const lowBytes = 512 * mega
const uploadBytes = 256 * mega
const lowShare = 0.1
const uploadShare = 0.05
/** Kept from everybody while there is room, and given back to the books when there is none. */
const reserveBytes = 32 * mega
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
  const setAside = async (bytes: number) => {
    const file = await open(`${reserve}.part`, 'w')
    try {
      // Zeros would take no room on a disk that compresses.
      for (let written = 0; written < bytes; written += mega) await file.write(randomBytes(Math.min(mega, bytes - written)))
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(`${reserve}.part`, reserve)
  }
  return {
    get room() {
      return room
    },
    /** Bytes that could be given up. */
    reserved: () => (existsSync(reserve) ? statSync(reserve).size : 0),
    async look(): Promise<Room> {
      const { bsize, blocks, bavail } = await measure()
      const size = bsize * blocks
      room = roomOf(bsize * bavail, size)
      const reserved = Math.min(reserveBytes, Math.floor(size * reserveShare))
      if (existsSync(reserve)) {
        if (room.free < reserved) await rm(reserve)
      } else if (!room.low) await setAside(reserved)
      return room
    },
  }
}
