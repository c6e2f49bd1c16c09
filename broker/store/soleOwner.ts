import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { openConnection } from './sqlite.ts'

/** A process that is just ending may take this long to let go. */
const patienceMs = 2000

/**
 * Holds a file for this process alone; undefined when another one holds it. It is the operating system's lock: it ends with
 * the process, however that ends, and leaves nothing behind that would have to be cleared away.
 */
export const takeSole = async (file: string): Promise<{ release(): Promise<void> } | undefined> => {
  mkdirSync(dirname(file), { recursive: true })
  const connection = await openConnection(file)
  try {
    await connection.exec(`pragma busy_timeout = ${patienceMs}; begin exclusive`)
    return { release: () => connection.close() }
  } catch (error) {
    await connection.close()
    if (/SQLITE_BUSY/.test(String(error))) return undefined
    throw error
  }
}
