import type { AgentChange } from '#api/events'
import type { AgentView } from '#api/models/live'

const same = (a: unknown, b: unknown) => a === b || JSON.stringify(a) === JSON.stringify(b)

/** What is new about an agent since it was last told; undefined when nothing is. When it was heard says nothing by itself. */
export const changeOf = (before: AgentView | undefined, now: AgentView): AgentChange | undefined => {
  const { links, heardAt, clockAheadMs, ...rest } = now
  const entries = Object.entries(rest).filter(([key, value]) => !same(before?.[key as keyof AgentView], value))
  const news = Object.entries(links).filter(([device, link]) => !same(before?.links[device], link))
  const gone = Object.keys(before?.links ?? {}).filter(device => links[device] === undefined)
  const drifted = Math.abs(clockAheadMs - (before?.clockAheadMs ?? Number.POSITIVE_INFINITY)) >= clockStepMs
  if (before && entries.length === 0 && news.length === 0 && gone.length === 0 && !drifted) return undefined
  return {
    ...Object.fromEntries(entries),
    id: now.id,
    heardAt,
    clockAheadMs,
    links: Object.fromEntries([...news, ...gone.map(device => [device, null])]),
  } as AgentChange
}

/** Less than this is the jitter of the wire. */
const clockStepMs = 1000

/** Remembers what the screens know of each agent, and makes of its state what they do not know yet. */
export const openAgentChanges = () => {
  const told = new Map<string, AgentView>()
  return (now: AgentView): AgentChange | undefined => {
    const change = changeOf(told.get(now.id), now)
    if (change) told.set(now.id, { ...now, links: { ...now.links } })
    return change
  }
}
