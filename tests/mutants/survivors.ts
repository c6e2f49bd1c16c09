/** Mutants that nothing notices, by what they are, each with its reason. */
export const survivors: Readonly<Record<string, string>> = {
  'edge-agent/domain/fireRule.ts: companions.set(profile, found) | without companions.set(profile, found)':
    'what is found is found again each time: slower, and the same',
  "edge-agent/control/commandDesk.ts: if (old.length > 0) this.#o.commit(old.map(key => ({ forget: 'command', key }))) | > -> >=":
    'a commit of nothing is nothing',
  'edge-agent/control/writer.ts: if (!point?.write || !job.waiting) return | || -> &&':
    'only for the types: what is written has its point and its waiting',
  'edge-agent/control/writer.ts: if (!point?.write || !job.waiting) return | without if (!point?.write || !job.waiting) return':
    'only for the types: what is written has its point and its waiting',
  'edge-agent/control/commandDesk.ts: const old = [...this.#seen].filter(([, at]) => at < oldest).map(([id]) => id) | < -> <=':
    'at one exact millisecond either is right',
  'edge-agent/control/commandDesk.ts: if (mono - this.#prunedAt < pruneEveryMs) return | < -> <=':
    'at one exact millisecond either is right',
  'edge-agent/control/writer.ts: else if (known > now) return true | > -> >=': 'at one exact millisecond either is right',
  "edge-agent/control/writer.ts: return { ...whose, ref, value, acceptedAt: this.#o.mono(), step: 'queued', unanswered: false, waiting: undefined } | false -> the other":
    'it is set when the device has answered, before anybody asks',
}
