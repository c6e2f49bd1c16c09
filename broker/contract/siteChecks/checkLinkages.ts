import { refOf } from '../names.ts'
import { cannotRead, cannotWrite } from '../valueFit.ts'
import { type PlacedLinkage, placedLinkages } from './placedLinkages.ts'
import type { SiteParts } from './siteParts.ts'

const checkLinkage = ({ linkage: l, path }: PlacedLinkage, { say, isKnown, profileOf, pointOf }: SiteParts) => {
  if (!isKnown('devices', l.device)) return say([...path, 'device'], `linkage '${l.id}': there is no device '${l.device}'`)
  if (!profileOf(l.device)) return
  const target = pointOf(refOf(l.device, l.point))
  const agents = l.by === 'agent'
  if (!target) say([...path, 'point'], `linkage '${l.id}': '${l.device}' has no point '${l.point}'`)
  else if (agents && !target.write) say([...path, 'point'], `linkage '${l.id}': '${l.device}/${l.point}' cannot be written`)
  const misfit = target && (agents ? cannotWrite(target, l.value) : cannotRead(target, l.value))
  if (misfit !== undefined) say([...path, 'value'], `linkage '${l.id}': '${l.device}/${l.point}' ${misfit}`)
  const { point, value } = l.feedback
  const feedback = pointOf(refOf(l.device, point))
  if (!feedback) say([...path, 'feedback', 'point'], `linkage '${l.id}': '${l.device}' has no point '${point}'`)
  const never = feedback && cannotRead(feedback, value)
  if (never !== undefined) say([...path, 'feedback', 'value'], `linkage '${l.id}': '${l.device}/${point}' ${never}`)
}

/** Each linkage by itself: its points are there, and its values can come true. */
export const checkLinkages = (parts: SiteParts) => {
  for (const placed of placedLinkages(parts.site)) checkLinkage(placed, parts)
}
