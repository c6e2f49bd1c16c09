import { Refusal } from '#api/errors'
import type { BooksReader } from '../books/books.ts'
import type { Room } from './diskRoom.ts'

const mega = 1_000_000
export const mostBytes = 8 * mega
/** What one case and one person's day may hold, and how many may be on their way at once. */
export const uploadLimits = {
  caseFiles: 60,
  caseBytes: 200 * mega,
  dayFiles: 100,
  dayBytes: 300 * mega,
  atOncePerPerson: 2,
  atOnce: 8,
}

type OnItsWay = { person: string; caseId: string; bytes: number }
type Parts = {
  db: BooksReader
  disk: { readonly room: Room }
  /** When the day of the site began. */
  dayBegan(): number
}

/** Says which attachments are taken, before a byte of them is read: by the disk, the case, the person and the day. */
export const openUploads = (p: Parts) => {
  const onTheirWay = new Set<OnItsWay>()
  /** What hangs on a case, or what somebody has brought since: to cases and as specimen seals. */
  const ofCase = (caseId: string) => sumIn('attachment', 'case_id', caseId, 0)
  const ofPerson = async (person: string, since: number) => {
    const [files, seals] = await Promise.all([
      sumIn('attachment', 'by_id', person, since),
      sumIn('specimen_seal', 'by_id', person, since),
    ])
    return { files: files.files + seals.files, bytes: files.bytes + seals.bytes }
  }
  const sumIn = async (table: 'attachment' | 'specimen_seal', column: 'case_id' | 'by_id', value: string, since: number) => {
    const row = await p.db
      .selectFrom(table as 'attachment')
      .select(e => [e.fn.countAll<number>().as('files'), e.fn.sum<number | null>('bytes').as('bytes')])
      .where(column, '=', value)
      .where('at', '>=', since)
      .executeTakeFirst()
    return { files: Number(row?.files ?? 0), bytes: Number(row?.bytes ?? 0) }
  }
  return {
    /** `caseId`: the case, or the tenant, that it is for. Throws a refusal, or returns what to call when the upload is over, however it ends. */
    async admit(person: string, caseId: string, bytes: number): Promise<() => void> {
      if (bytes > mostBytes) throw new Refusal('too-large')
      if (!p.disk.room.uploads) throw new Refusal('disk-nearly-full', 'file')
      const mine = [...onTheirWay].filter(u => u.person === person)
      if (mine.length >= uploadLimits.atOncePerPerson || onTheirWay.size >= uploadLimits.atOnce)
        throw new Refusal('one-at-a-time', 'file')
      // Counted from here on, so that what comes together does not slip through together.
      const upload = { person, caseId, bytes }
      onTheirWay.add(upload)
      const over = () => void onTheirWay.delete(upload)
      try {
        const [here, ofDay] = await Promise.all([ofCase(caseId), ofPerson(person, p.dayBegan())])
        for (const u of onTheirWay) {
          if (u.caseId === caseId) add(here, u)
          if (u.person === person) add(ofDay, u)
        }
        if (here.files > uploadLimits.caseFiles || here.bytes > uploadLimits.caseBytes) throw new Refusal('case-full', 'file')
        if (ofDay.files > uploadLimits.dayFiles || ofDay.bytes > uploadLimits.dayBytes) throw new Refusal('day-full', 'file')
        return over
      } catch (error) {
        over()
        throw error
      }
    },
  }
}
export type Uploads = ReturnType<typeof openUploads>

const add = (sum: { files: number; bytes: number }, upload: OnItsWay) => {
  sum.files++
  sum.bytes += upload.bytes
}
