import type { Words } from '#contract/names'
import { say, type Text } from './words/text.ts'

/** What a kind of emergency is called: as the site's plan for it, or as the alarms that raise it. */
export const planName = (plans: readonly { kind: string; name: Words }[], kind: string): Text =>
  plans.find(p => p.kind === kind)?.name ?? say.emergency.kinds[kind] ?? say.emergency.other
