import type { ReportTable } from '#api/models/duties'
import { say } from '#api/words/text'
import type { BooksReader } from '../../server/books/books.ts'
import type { Evidence, EvidenceLook } from '../../server/engine/chapter.ts'
import { entriesIn } from '../../server/engine/registers/checks.ts'
import { openEntries } from '../../server/engine/registers/registerLife.ts'
import { columns, plain, table } from '../../server/engine/routines/evidence.ts'
import type { Directory } from '../../server/site/directory.ts'
import { tenanciesOn } from '../../server/site/tenancies.ts'
import { vacantCleaning, vacantRooms } from './registers.ts'
import { vacantCleanDays } from './settings.ts'

const days = 86_400_000

/** Who rents or owns what on a date, each with whom the desk calls. */
const occupants = (db: BooksReader, date: string) =>
  tenanciesOn(db, date)
    .innerJoin('tenant', 'tenant.id', 'tenancy.tenant_id')
    .leftJoin('tenant_contact', j => j.onRef('tenant_contact.tenant_id', '=', 'tenant.id').on('tenant_contact.position', '=', 0))
    .select(['tenancy.unit', 'tenancy.kind', 'tenancy.from_date', 'tenancy.to_date'])
    .select(['tenant.id', 'tenant.name', 'tenant_contact.name as contact', 'tenant_contact.phone'])
    .orderBy('tenancy.unit')
    .orderBy('tenancy.kind')
    .execute()

/** The last date of what it is about. */
const dateOf = ({ stretch, directory }: EvidenceLook) => directory.calendar.dateOf(stretch.to - 1)

/** Units in which nobody sits by the tenants' files, and which are not in the register of vacant rooms either. */
const unlisted = (directory: Directory, taken: ReadonlySet<string>, listed: ReadonlySet<string>) =>
  directory.units.filter(u => !taken.has(u.id) && ![u.id, ...u.zones].some(id => listed.has(id)))

const placesOf = (entries: readonly { form_json: string }[]) => new Set(entries.map(e => String(JSON.parse(e.form_json).place)))

/** 《入住客户情况表》 for the house, 《入驻公司状况表》 for outsiders: without people and telephone numbers (R14). */
export const occupancy: Evidence = {
  async count(look) {
    const rows = await occupants(look.db, dateOf(look))
    const units = new Set(rows.map(r => r.unit))
    return plain({
      customers: new Set(rows.map(r => r.id)).size,
      units: units.size,
      vacant: look.directory.units.filter(u => !units.has(u.id)).length,
    })
  },
  async tables(look): Promise<ReportTable[]> {
    const rows = await occupants(look.db, dateOf(look))
    const unit = (id: string) => look.directory.placeName(id)
    const kind = (k: string) => (k === 'lease' ? say.report.lets : say.report.owns)
    return [
      ...table(
        say.report.occupants,
        columns('place', 'company', 'kind', 'contact', 'phone', 'from', 'to'),
        rows.map(r => [unit(r.unit), r.name, kind(r.kind), r.contact ?? '', r.phone ?? '', r.from_date ?? '', r.to_date ?? '']),
      ),
      ...table(
        say.report.companies,
        columns('place', 'company'),
        rows.map(r => [unit(r.unit), r.name]),
      ),
    ]
  },
}

/** Rooms of the register of vacant rooms that have had no full clean for as long as the site sets (R58). */
export const vacantCleaned: Evidence = {
  async count(look) {
    const { db, stretch, rules } = look
    const [rooms, rows] = await Promise.all([openEntries(db, vacantRooms), occupants(db, dateOf(look))])
    const since = stretch.to - Number(rules.value(vacantCleanDays)) * days
    const cleaned = await entriesIn(db, vacantCleaning, { from: since, to: stretch.to })
    const [listed, done] = [placesOf(rooms), placesOf(cleaned)]
    return plain({
      vacant: listed.size,
      cleaned: [...listed].filter(p => done.has(p)).length,
      uncleaned: [...listed].filter(p => !done.has(p)).length,
      unlisted: unlisted(look.directory, new Set(rows.map(r => r.unit)), listed).length,
    })
  },
  async tables(look): Promise<ReportTable[]> {
    const rooms = await openEntries(look.db, vacantRooms)
    return table(
      say.report.vacantRooms,
      columns('place', 'from', 'what'),
      rooms.map(r => {
        const { place, since, remark } = JSON.parse(r.form_json)
        return [look.directory.placeName(place), since, remark ?? '']
      }),
    )
  },
  quotas: ['uncleaned', 'unlisted'],
}
