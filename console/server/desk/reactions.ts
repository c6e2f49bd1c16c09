import type { Reactions } from '../agents/reactions.ts'
import type { Desk } from './desk.ts'
import type { Subject } from './subject.ts'

/** What all subjects do about what the building reports, or a customer by himself, one after the other: an alarm belongs to the first that takes it. */
export const reactionsOf = (subjects: readonly Subject[], desk: () => Desk): Reactions => {
  let made: readonly Partial<Reactions>[] | undefined
  const all = () => {
    made ??= subjects.flatMap(s => s.reactions?.(desk()) ?? [])
    return made
  }
  return {
    async raised(work, alarm) {
      for (const r of all()) {
        const taken = await r.raised?.(work, alarm)
        if (taken) return taken
      }
      return null
    },
    async returned(work, caseId, name) {
      await desk().engine.remark(work, caseId, 'alarm-returned', '', { name })
      for (const r of all()) await r.returned?.(work, caseId, name)
    },
    async compartment(...news) {
      for (const r of all()) await r.compartment?.(...news)
    },
    async linkage(...news) {
      for (const r of all()) await r.linkage?.(...news)
    },
    async access(...news) {
      for (const r of all()) await r.access?.(...news)
    },
    async run(...news) {
      for (const r of all()) await r.run?.(...news)
    },
    async appraised(...news) {
      for (const r of all()) await r.appraised?.(...news)
    },
  }
}
