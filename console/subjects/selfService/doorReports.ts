import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { Refusal } from '#api/errors'
import type { DoorReport } from '#api/models/selfService'
import { type LinkRow, linkOf } from '../../server/auth/customerLinks.ts'
import type { BooksReader } from '../../server/books/books.ts'
import type { Work } from '../../server/books/unitOfWork.ts'
import type { Desk } from '../../server/desk/desk.ts'
import { noteSent, sentBefore } from '../../server/engine/sentForms.ts'
import { doorReportsPerHour } from './settings.ts'

const hourS = 3600
/** From one address: a tower behind one router has more doors than one. */
const perStation = 60
const mostPhotos = 3
const photosPerDay = 20
/** A photo belongs to what was reported just now. */
const photoWithinMs = 900_000

const sentName = (sentAs: string) => `door/${sentAs}`

const tooMany = (res: RateLimiterRes) => {
  throw new Refusal('too-many-reports', 'content', { retryAfterS: Math.ceil(res.msBeforeNext / 1000) })
}

/** Reports of a door and of an address: whoever plays with a plate does not fill the desk. */
export const openReportLimits = () => {
  const stations = new RateLimiterMemory({ points: perStation, duration: hourS })
  const plates = new Map<number, RateLimiterMemory>()
  const ofPlates = (points: number) => {
    const found = plates.get(points) ?? new RateLimiterMemory({ points, duration: hourS })
    plates.set(points, found)
    return found
  }
  /** Throws where there were too many; `most` reports for a plate and hour. */
  return async (plate: string, station: string, most: number) => {
    await stations.consume(station).catch(tooMany)
    await ofPlates(most).consume(plate).catch(tooMany)
  }
}

/** The photos of a plate's day, each before it is read: whoever plays with a plate does not fill the disk. */
export const openPhotoLimit = () => {
  const photos = new RateLimiterMemory({ points: photosPerDay, duration: 24 * hourS })
  return async (plate: string) => void (await photos.consume(plate).catch(tooMany))
}

/** How many a plate may send in an hour; refused where the site wants none. */
export const mayReport = ({ rules }: Pick<Desk, 'rules'>): number => {
  const most = rules.number(doorReportsPerHour)
  if (most === null) throw new Refusal('unknown-link', 'token')
  return most
}

/** The plate that a token opens, and how many it may send; refused where there is none, or the site wants none. */
export const plateFor = async (desk: Desk, token: string): Promise<{ link: LinkRow; most: number }> => {
  const most = mayReport(desk)
  return { link: await linkOf(desk.books.read, 'plate', token), most }
}

/** What somebody at a door has reported is an order for engineering, once, however often it was sent. */
export const takeReport = async (desk: Desk, work: Work, link: LinkRow, { sentAs, ...said }: DoorReport): Promise<void> => {
  const name = sentName(sentAs)
  const order = desk.engine.manual.rendering('work-order')
  const mine = async (record: string) =>
    work.tx.selectFrom('case_file').selectAll().where('id', '=', record).where('procedure', '=', order.id).executeTakeFirst()
  if (await sentBefore(work, name, { link: link.id, ...said }, mine)) return
  const form = { ...said, address: link.unit ?? '', kind: 'plate' }
  const { id } = await desk.engine.open(work, order.id, { form }, 'system')
  await noteSent(work, name, id, { link: link.id, ...said })
}

/** The order that a report has become, as long as photos are taken for it. */
export const reported = async (db: BooksReader, link: LinkRow, sentAs: string, now: number): Promise<string> => {
  const sent = await db
    .selectFrom('sent_form')
    .innerJoin('case_file', 'case_file.id', 'sent_form.record')
    .select(['case_file.id', 'opened_at', 'sent_form.form_json'])
    .where('sent_as', '=', sentName(sentAs))
    .executeTakeFirst()
  if (!sent || JSON.parse(sent.form_json).link !== link.id || sent.opened_at < now - photoWithinMs)
    throw new Refusal('not-found', 'report')
  if ((await photosOf(db, sent.id)) >= mostPhotos) throw new Refusal('case-full', 'file')
  return sent.id
}

export const photosOf = async (db: BooksReader, caseId: string): Promise<number> => {
  const row = db
    .selectFrom('attachment')
    .select(e => e.fn.countAll().as('n'))
    .where('case_id', '=', caseId)
  return Number((await row.executeTakeFirst())?.n ?? 0)
}
