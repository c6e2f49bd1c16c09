import { cannotRead, readable } from '../valueFit.ts'
import type { ProfileParts } from './profileParts.ts'

/** Whether every alarm rule can come true. */
export const checkAlarms = ({ file, alarms, say, pointAt }: ProfileParts) => {
  for (const { rule, path } of alarms.values()) {
    if ([rule.equals, rule.above, rule.below].filter(x => x !== undefined).length !== 1)
      say(path, 'an alarm needs exactly one of equals, above, below')
    if (rule.whileRunning && !file.runs) say([...path, 'whileRunning'], 'needs to know what running means: runs')
    if (rule.count && rule.onDelayMs === 0) say([...path, 'count'], 'raises before its on-delay is over: give an onDelayMs')
    const point = pointAt([...path, 'point'], rule.point)
    if (!point) continue
    const misfit = rule.equals === undefined ? undefined : cannotRead(point, rule.equals)
    if (misfit !== undefined) say([...path, 'equals'], `'${rule.point}' ${misfit}`)
    const [low, high] = readable(point)
    for (const side of ['above', 'below'] as const) {
      const limit = rule[side]
      if (limit === undefined) continue
      if (point.kind === 'binary') say([...path, side], `'${rule.point}' is binary; use equals: true or false`)
      else if (side === 'above' ? limit >= high : limit <= low)
        say([...path, side], `'${rule.point}' reads ${low} to ${high}: ${side} ${limit} is out of range and never raised`)
    }
  }
}
