import { departments } from '#api/departments'
import { Refusal } from '#api/errors'
import type { OwnMatter, OwnMatters } from '#api/models/selfService'
import type { Text } from '#api/words/text'
import type { Contact } from '../../server/auth/customerLinks.ts'
import type { BooksReader } from '../../server/books/books.ts'
import { tell } from '../../server/books/notices.ts'
import type { Work } from '../../server/books/unitOfWork.ts'
import type { Desk } from '../../server/desk/desk.ts'
import { headOf } from '../../server/engine/cases/caseRows.ts'
import { fieldCell } from '../../server/export/fieldCell.ts'

/** What has ended is shown, and may be appraised, for so long. */
const shownMs = 90 * 86_400_000
const mostShown = 50
const verbs = { satisfied: 'appraised-satisfied', unsatisfied: 'appraised-unsatisfied' } as const

const digits = (phone: string) => phone.replace(/\D/g, '')

/** The cases of his tenant in which he is the contact, by name or by number. */
const casesOfContact = async (db: BooksReader, { engine }: Desk, his: Contact, now: number) => {
  const shown = engine.manual.procedures.filter(p => p.customerSees).map(p => p.id)
  const rows = await db
    .selectFrom('case_file')
    .selectAll()
    .where('tenant', '=', his.tenant)
    .where('procedure', 'in', shown)
    .where(e => e.or([e('ended_at', 'is', null), e('ended_at', '>', now - shownMs)]))
    .orderBy('opened_at', 'desc')
    .execute()
  const number = digits(his.phone)
  return rows
    .map(headOf)
    .filter(({ form }) => {
      const isHe = typeof form['contact'] === 'string' && form['contact'].trim() === his.name
      return isHe || (number.length > 4 && digits(String(form['phone'] ?? '')) === number)
    })
    .slice(0, mostShown)
}

const appraisals = async (db: BooksReader, ids: readonly string[]) => {
  if (ids.length === 0) return []
  return db
    .selectFrom('history')
    .select(['record', 'verb'])
    .where('record', 'in', ids)
    .where('verb', 'in', Object.values(verbs))
    .execute()
}

/** Everything that is his own, open first of all, and nothing else. */
export const ownMattersOf = async (db: BooksReader, desk: Desk, his: Contact, now: number): Promise<OwnMatters> => {
  const { directory, engine } = desk
  const heads = await casesOfContact(db, desk, his, now)
  const said = await appraisals(
    db,
    heads.map(h => h.id),
  )
  const tenant = await db.selectFrom('tenant').select('short').where('id', '=', his.tenant).executeTakeFirst()
  const matters = heads.map((h): OwnMatter => {
    const p = engine.procedureOf(h)
    const field = p.fields.find(f => f.key === p.about)
    const about = field ? (h.form[field.key] ?? '') : ''
    const verb = said.find(s => s.record === h.id)?.verb
    const state = p.states[h.state]
    const department = departments[h.department as keyof typeof departments]
    return {
      ...{ id: h.id, number: h.number, name: p.name, openedAt: h.openedAt, endedAt: h.endedAt },
      about: typeof about === 'object' ? (about as Text) : field ? String(fieldCell(field, about, directory, 'zh')) : '',
      place: h.place === null ? null : directory.placeName(h.place),
      state: state?.name ?? { zh: h.state, en: h.state },
      hands: h.endedAt !== null ? null : (h.handler ?? department ?? null),
      mayAppraise: h.endedAt !== null && verb === undefined && p.path.includes(h.state),
      appraised: verb === verbs.satisfied ? 'satisfied' : verb === undefined ? null : 'unsatisfied',
    }
  })
  matters.sort((a, b) => Number(a.endedAt !== null) - Number(b.endedAt !== null) || b.openedAt - a.openedAt)
  return {
    ...{ site: directory.site.name, timeZone: directory.site.timeZone, tenant: tenant?.short ?? '', contact: his.name },
    matters,
  }
}

/** He says how he found it, once; what he is not satisfied with is told to those who can put it right (R32). */
export const appraise = async (
  desk: Desk,
  work: Work,
  his: Contact,
  said: { matter: string; satisfied: boolean; remark: string },
): Promise<void> => {
  const { matters } = await ownMattersOf(work.tx, desk, his, work.at)
  const own = matters.find(m => m.id === said.matter)
  if (!own) throw new Refusal('unknown-case', 'matter')
  if (!own.mayAppraise) throw new Refusal('already-done', 'matter')
  await desk.engine.remark(work, own.id, said.satisfied ? verbs.satisfied : verbs.unsatisfied, said.remark)
  await desk.reactions.appraised(work, await desk.engine.head(work.tx, own.id), said)
  const text = { zh: `${own.number} 客户不满意：${said.remark}`, en: `${own.number} customer not satisfied: ${said.remark}` }
  if (!said.satisfied) await tell(work, { to: ['supervisor', 'manager'], record: own.id, kind: 'appraised', text })
}
