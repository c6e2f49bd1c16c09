import type { Messages } from '#api/words/zh'
import type { LinkState } from '#contract/messages'

/** What is wrong with a link; an exception with the code that the device answers. */
export const linkReasonText = (link: Pick<LinkState, 'reason' | 'code'> | undefined, t: Messages): string => {
  const reason = t.link[link?.reason ?? 'no-answer']
  return typeof link?.code === 'number' ? `${reason} ${link.code}` : reason
}

/** An agent that is not there: stopped in good order, or lost. */
export const agentAwayText = (agent: { stopped: boolean } | undefined, t: Messages): string =>
  agent?.stopped ? t.link.agentStopped : t.link.agentLost

/** Of a bus: who does not answer, and how far its polls lag behind what their periods ask. */
export const busTexts = (link: Pick<LinkState, 'bus'> | undefined, t: Messages): string[] => {
  const bus = link?.bus
  if (!bus) return []
  return [
    ...(bus.silent > 0 ? [t.devices.silent(bus.silent, bus.of)] : []),
    ...(bus.pace !== null && bus.pace > 1.5 ? [t.devices.pace(bus.pace.toFixed(1))] : []),
  ]
}
