import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { Refusal } from '#api/errors'
import type { OwnHours, OwnOrder, OwnQuote } from '#api/models/ownAir'
import { say, type Text } from '#api/words/text'
import type { LinkedContact } from '../../server/auth/customerLinks.ts'
import type { BooksReader } from '../../server/books/books.ts'
import { tell } from '../../server/books/notices.ts'
import type { Work } from '../../server/books/unitOfWork.ts'
import type { Desk } from '../../server/desk/desk.ts'
import { noteSent, sentBefore } from '../../server/engine/sentForms.ts'
import { overtime } from './definition.ts'
import { mayNotOrder } from './ownAir.ts'
import { quoteFor } from './quoted.ts'
import { rowsOf } from './segments.ts'

/** Nobody books in earnest more often; whoever plays with a link does not fill the books. */
const perHour = 20
export const openOrderLimit = () => {
  const turns = new RateLimiterMemory({ points: perHour, duration: 3600 })
  return async (his: LinkedContact) =>
    void (await turns.consume(his.link).catch((res: RateLimiterRes) => {
      throw new Refusal('too-many-reports', undefined, { retryAfterS: Math.ceil(res.msBeforeNext / 1000) })
    }))
}

const mustOrder = (desk: Pick<Desk, 'rules'>, his: LinkedContact) => {
  if (mayNotOrder(desk, his) !== null) throw new Refusal('not-your-role')
}

/** One of his tenant's bookings. */
const bookingOf = async ({ engine }: Pick<Desk, 'engine'>, db: BooksReader, his: LinkedContact, id: string) => {
  const head = await engine.head(db, id)
  if (head.procedure !== overtime.id || head.tenant !== his.tenant) throw new Refusal('unknown-case', 'id')
  return head
}

const tellDesk = (work: Work, record: string, text: Text) =>
  tell(work, { to: ['front-desk', 'operator'], record, kind: 'by-link', text })

type Asked = {
  zones?: string | undefined
  from?: number | undefined
  to: number
  of?: string | undefined
  evening?: string | undefined
}

/** What it would cost, of his own zones and bookings alone. */
export const ownQuote = async (desk: Desk, his: LinkedContact, asked: Asked): Promise<OwnQuote> => {
  mustOrder(desk, his)
  const db = desk.books.read
  const own = asked.of === undefined ? undefined : await bookingOf(desk, db, his, asked.of)
  const [zone = String(own?.form['zone'] ?? ''), ...also] = (asked.zones ?? '').split(',').filter(z => z !== '')
  const { to, from = Number(own?.form['from'] ?? 0), evening } = asked
  const of = own === undefined ? {} : { of: own.id, ...(evening === undefined ? {} : { evening }) }
  const quote = await quoteFor(desk, { zone, also: also.join(','), from, to, ...of })
  if (quote.tenant !== his.tenant) throw new Refusal('unknown-zone', 'zones')
  const standing = own === undefined ? [] : await rowsOf(db, own.id)
  return { ...quote, moreFen: quote.fen - standing.reduce((sum, r) => sum + r.quoted_fen, 0) }
}

/** He books: offered, accepted at the price that he was told, signed by his hand, ordered. */
export const bookOwn = async (desk: Desk, work: Work, his: LinkedContact, order: OwnOrder): Promise<void> => {
  mustOrder(desk, his)
  const { sentAs, drawn, zones, from, to, quotedFen } = order
  const [zone = '', ...also] = zones
  const form = { zone, ...(also.length > 0 ? { also } : {}), from, to, contact: his.name, phone: his.phone, quotedFen }
  const name = `air/${sentAs}`
  const mine = (id: string) =>
    work.tx.selectFrom('case_file').selectAll().where('id', '=', id).where('tenant', '=', his.tenant).executeTakeFirst()
  const sent = { link: his.link, zones, from, to, quotedFen }
  if (await sentBefore(work, name, sent, mine)) return
  const { engine, directory } = desk
  const offered = await engine.open(work, overtime.id, { form }, 'customer')
  if (offered.tenant !== his.tenant) throw new Refusal('unknown-zone', 'zones')
  const accepted = await engine.actOn(work, offered, 'accept', {}, 'customer')
  const { id, number, place } = await engine.actOn(work, accepted, 'sign', { signature: his.name, drawn }, 'customer')
  await noteSent(work, name, id, sent)
  await tellDesk(work, id, say.ownAir.booked(number, directory.placeName(place), hoursOf(desk, from, to)))
}

const hoursOf = ({ directory: { calendar } }: Pick<Desk, 'directory'>, from: number, to: number) =>
  `${calendar.dateOf(from).slice(5)} ${calendar.clockOf(from)}–${calendar.clockOf(to)}`

/** Other hours for one of his bookings, signed by his hand. */
export const changeOwn = async (desk: Desk, work: Work, his: LinkedContact, id: string, hours: OwnHours): Promise<void> => {
  mustOrder(desk, his)
  const head = await bookingOf(desk, work.tx, his, id)
  const { evening, to, quotedFen, drawn } = hours
  const repeated = evening === null ? {} : { evening }
  const said = { ...repeated, to, quotedFen, signature: his.name, drawn }
  await desk.engine.actOn(work, head, evening === null ? 'change' : 'change-evening', said, 'customer')
  await tellDesk(work, id, say.ownAir.changed(head.number, desk.directory.calendar.clockOf(to)))
}

/** He stops what runs, or takes back what has not begun. */
export const endOwn = async (desk: Desk, work: Work, his: LinkedContact, id: string, act: 'stop' | 'withdraw'): Promise<void> => {
  mustOrder(desk, his)
  const head = await bookingOf(desk, work.tx, his, id)
  const verb = act === 'withdraw' ? 'withdraw-own' : head.form['until'] === undefined ? 'stop-own' : 'stop-own-evening'
  await desk.engine.actOn(work, head, verb, {}, 'customer')
  await tellDesk(work, id, say.ownAir[act === 'stop' ? 'stopped' : 'withdrawn'](head.number))
}
