import { holds } from '#api/conditions'
import type { CaseHead } from '#api/models/cases'
import { together } from '#api/words/text'
import type { BooksReader } from '../../books/books.ts'
import { tell } from '../../books/notices.ts'
import type { Work } from '../../books/unitOfWork.ts'
import type { Directory } from '../../site/directory.ts'
import type { Causes } from '../definition.ts'
import type { CaseData } from '../field.ts'
import { chargeService } from '../serviceCharges.ts'
import { actOnLinked, type Cases, openLinked } from './links.ts'
import { mergeInto } from './merging.ts'

/** Carries out one cause of a step or an opening. */
export const bringAbout = async (engine: Cases, work: Work, head: CaseHead, cause: Causes): Promise<void> => {
  const { around } = engine
  if (typeof cause === 'string') return around.manual.kind(head.procedure)?.causes[cause]?.(work, head, around)
  if ('acts' in cause) return actOnLinked(engine, work, head, cause.acts, cause.on)
  if ('merges' in cause) return mergeInto(engine, work, head, String(saidLast(head, work.at, cause.merges)))
  if ('charges' in cause) return chargeService(work, around.directory, head, cause.charges, Number(head.form[cause.fen]))
  if (!holds(cause.when, head.form)) return
  if ('tells' in cause) {
    const text = together(head.number, ' ', cause.text)
    await tell(work, { to: cause.tells, record: head.id, kind: cause.kind, text })
    return
  }
  const form = cause.form(await dataOf(work.tx, around.directory, head))
  const opens = 'opens' in cause ? cause.opens : around.manual.rendering(cause.asksFor).id
  await openLinked(engine, work, head, { opens, relation: cause.relation, form })
}

/** What was said under a key with the step that is being taken. */
const saidLast = ({ facts }: CaseHead, at: number, key: string): unknown =>
  Object.values(facts as Record<string, { at?: number } & Record<string, unknown>>).find(
    f => f.at === at && f[key] !== undefined,
  )?.[key]

/** A case as definitions see it. */
export const dataOf = async (db: BooksReader, directory: Directory, head: CaseHead): Promise<CaseData> => {
  const { number, place, tenant, form, facts } = head
  const leased = await directory.tenantOfPlace(db, place, directory.timeOf(form, head.openedAt))
  const placeOf = (id: string) => directory.placeName(id)
  const words = { place: directory.placeName(place), tenant: leased?.name ?? '', times: timesOf(directory, form), placeOf }
  return { number, place, tenant, form, facts, words }
}

const timesOf = ({ calendar }: Directory, form: Record<string, unknown>): string => {
  const { from, to } = form as { from?: number; to?: number }
  return typeof from === 'number' && typeof to === 'number' ? `${calendar.momentOf(from)} – ${calendar.momentOf(to)}` : ''
}
