import { sql } from 'kysely'
import { openReader } from '#store/openStore'
import { migrations } from '../books/migrations.ts'

type Soundness = { is: 'sound' | 'older' } | { is: 'newer'; by: string } | { is: 'damaged'; why: string }

/** Whether a file of books can be read as a whole, and whether this version of Zhiban knows it; another process may be at work on it. */
export const soundnessOf = async (file: string): Promise<Soundness> => {
  const known = Object.keys(migrations)
  const { read, close } = await openReader<{ kysely_migration: { name: string } }>(file)
  try {
    const verdict = await sql<{ quick_check: string }>`pragma quick_check(1)`.execute(read)
    const said = verdict.rows[0]?.quick_check
    if (said !== 'ok') return { is: 'damaged', why: String(said) }
    const steps = (await read.selectFrom('kysely_migration').select('name').execute()).map(s => s.name)
    const unknown = steps.find(s => !known.includes(s))
    if (unknown !== undefined) return { is: 'newer', by: unknown }
    return { is: steps.length < known.length ? 'older' : 'sound' }
  } catch (error) {
    return { is: 'damaged', why: (error as Error).message }
  } finally {
    await close()
  }
}
