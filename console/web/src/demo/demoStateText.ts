import type { DemoDevice } from '#api/models/demo'
import type { Messages } from '#api/words/zh'

/** What is wrong with a simulated device, in words. */
export const demoStateText = (d: Pick<DemoDevice, 'fault' | 'forced'>, t: Messages): string =>
  [d.fault && t.demo.fault[d.fault], d.forced > 0 && t.demo.forced(d.forced)].filter(Boolean).join(' · ') || t.demo.normal
