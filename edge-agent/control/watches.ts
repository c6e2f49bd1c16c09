import { watchClocks } from './deviceClocks.ts'
import { watchHeldDemand } from './heldDemand.ts'
import { watchSilence } from './silenceWatch.ts'
import type { Watch, WatchTools } from './watch.ts'

/** Every watch of the agent, in the order in which they look. */
export const openWatches = (tools: WatchTools): Watch[] => [watchSilence(tools), watchClocks(tools), watchHeldDemand(tools)]
