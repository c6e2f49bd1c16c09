import type { CaseHead } from '#api/models/cases'
import { tell } from '../../books/notices.ts'
import type { Work } from '../../books/unitOfWork.ts'
import type { Directory } from '../../site/directory.ts'
import { type Causes, holds } from '../definition.ts'
import { type CauseContext, causes } from './causes.ts'
import { actOnLinked, type Cases, openLinked } from './links.ts'

/** Carries out one cause of a step or an opening. */
export const bringAbout = async (
  engine: Cases,
  around: CauseContext,
  work: Work,
  head: CaseHead,
  cause: Causes,
): Promise<void> => {
  if (typeof cause === 'string') return causes[cause](work, head, around)
  if ('acts' in cause) return actOnLinked(engine, work, head, cause.acts, cause.on)
  if (!holds(cause.when, head.form)) return
  if ('tells' in cause) {
    const { zh, en } = cause.text
    const text = { zh: `${head.number} ${zh}`, en: `${head.number} ${en}` }
    await tell(work, { to: cause.tells, record: head.id, kind: cause.kind, text })
    return
  }
  const tenant = await around.directory.tenantOfPlace(work.tx, head.place)
  const form = cause.form({
    number: head.number,
    place: head.place,
    tenant: head.tenant,
    form: head.form,
    facts: head.facts,
    words: {
      place: around.directory.placeName(head.place),
      tenant: tenant?.name ?? '',
      times: timesOf(around.directory, head.form),
    },
  })
  await openLinked(engine, work, head, { opens: cause.opens, relation: cause.relation, form })
}

const timesOf = ({ calendar }: Directory, form: Record<string, unknown>): string => {
  const { from, to } = form as { from?: number; to?: number }
  return typeof from === 'number' && typeof to === 'number' ? `${calendar.momentOf(from)} – ${calendar.momentOf(to)}` : ''
}
