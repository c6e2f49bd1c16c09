import { type Department, departmentRoles } from '#api/departments'
import type { CaseHead } from '#api/models/cases'
import { say, together } from '#api/words/text'
import type { Addressee } from '../../books/addressee.ts'
import { tell } from '../../books/notices.ts'
import { accountOf } from '../../books/persons.ts'
import type { Work } from '../../books/unitOfWork.ts'
import type { Transition } from '../definition.ts'

type Hands = Pick<CaseHead, 'department' | 'handler' | 'handlerId'>
export const columnsOfHands = (h: Hands) => ({ department: h.department, handler: h.handler, handler_id: h.handlerId })

/** Who has the case in hand after a step. */
export const handsAfter = async (work: Work, t: Transition, head: CaseHead, said: Record<string, unknown>): Promise<Hands> => {
  const { department: to, handler: by } = t.hands ?? {}
  const department = to ? String(said[to.asked]) : head.department
  const same = { department, handler: head.handler, handlerId: head.handlerId }
  const nobody = { department, handler: null, handlerId: null }
  if (by === 'doer') return { department, handler: work.actor.display, handlerId: work.actor.id }
  const asked = by && said[by.asked]
  if (by && typeof asked === 'string') return { department, handler: asked, handlerId: await accountOf(work.tx, asked, by.asked) }
  // Within the department it stays with whom it was, unless somebody else is named.
  return by ? (to ? nobody : same) : department === head.department ? same : nobody
}

/** Whoever gets a matter into his hands is told, and whoever has one that has become urgent. */
export const tellHands = async (work: Work, before: CaseHead | null, now: CaseHead): Promise<void> => {
  if (now.endedAt !== null) return
  const taken = now.handler !== null && (now.handler !== before?.handler || now.handlerId !== before.handlerId)
  const passed = now.department !== null && now.department !== (before?.department ?? null)
  const urgent = now.urgent && before !== null && !before.urgent
  if (!taken && !passed && !urgent) return
  const person: Addressee[] = now.handlerId === null || now.handlerId === work.actor.id ? [] : [`user:${now.handlerId}`]
  const department = now.department === null ? [] : departmentRoles[now.department as Department]
  // Somebody without an account hears of it from his department.
  const to = passed || (taken || urgent ? now.handlerId === null : false) ? [...department, ...person] : person
  if (to.length === 0) return
  const kind = passed ? 'passed-on' : taken ? 'in-hand' : 'urgent'
  const marked = now.urgent ? together('【', say.cases.urgent, '】') : ''
  await tell(work, { to, record: now.id, kind, text: together(now.number, ' ', marked, say.desk.hands[kind] ?? '') })
}
