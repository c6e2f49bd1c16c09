import type { CaseHead } from '#api/models/cases'
import { say } from '#api/words/text'
import type { Appraisal } from '../../server/agents/reactions.ts'
import type { Work } from '../../server/books/unitOfWork.ts'
import type { CaseEngine } from '../../server/engine/cases/caseEngine.ts'
import { linkedTo } from '../../server/engine/cases/casesIn.ts'
import { satisfied } from './definition.ts'
import { visitOf } from './sample.ts'

/**
 * A customer who says by his own link how he found what was done has been asked (R32: talk, telephone, look, or otherwise): where he is
 * satisfied that is his visit; where he is not it is opened, for somebody to pay it.
 */
export const appraised = async (work: Work, engine: CaseEngine, head: CaseHead, said: Appraisal): Promise<void> => {
  await visitOf(work, engine, head)
  const open = linkedTo(work.tx, head.id, 'visit').where('case_file.ended_at', 'is', null)
  const visit = await open.executeTakeFirst()
  if (!visit || !said.satisfied) return
  const words = said.remark === '' ? say.selfService.wasSatisfied : said.remark
  await engine.act(work, visit.id, satisfied.verb, { way: 'link', words }, 'customer')
}
