import type { Log } from '#program/log'
import { storeFailed } from '#store/openStore'
import type { Chore } from './subject.ts'

const everyMs = 1000

/** Carries something out every second, never twice at once. */
export const everySecond = (act: () => Promise<unknown>) => {
  let underway: Promise<unknown> | undefined
  const timer = setInterval(() => {
    underway ??= act().finally(() => {
      underway = undefined
    })
  }, everyMs)
  return {
    async stop() {
      clearInterval(timer)
      await underway
    },
  }
}

/** Each for itself: what stumbles is tried again with the next tick, and holds up nothing else. */
export const doChores = async (chores: readonly Chore[], log: Log): Promise<void> => {
  for (const { what, act } of chores)
    await act().catch(error => {
      if (!storeFailed(error)) log.error({ err: error }, `${what}: failed, will be tried again`)
    })
}
