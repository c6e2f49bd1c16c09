/** Mutants that nothing notices, by what they are, each with its reason. */
export const survivors: Readonly<Record<string, string>> = {
  'edge-agent/domain/fireRule.ts: if (known) return known | without if (known) return known':
    'what is found is found again each time: slower, and the same',
  'edge-agent/domain/fireRule.ts: if (!inAlarm && known === undefined) continue | without if (!inAlarm && known === undefined) continue':
    'of what is quiet and not remembered nothing is noted below either; its companions are looked at in vain',
  'edge-agent/domain/consoleClock.ts: this.#steady ||= this.#beats.length > 0 && ahead - this.#best < steadyMs | > -> >=':
    'of no heartbeats the best is minus infinity, to which nothing is near',
  'edge-agent/domain/consoleClock.ts: if (this.#beats.length > 0) this.#estimate = Math.max(this.#estimate, mono + this.#best) | > -> >=':
    'of no heartbeats the best is minus infinity, which moves nothing',
  'edge-agent/domain/consoleClock.ts: this.#steady ||= this.#beats.length > 0 && ahead - this.#best < steadyMs | < -> <=':
    'at one exact millisecond either is right',
  'edge-agent/domain/consoleClock.ts: this.#beats = [...this.#beats.filter(b => b.at > mono - windowMs), { ahead, at: mono }] | > -> >=':
    'at one exact millisecond either is right',
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
  'edge-agent/control/priorityArrays.ts: for (const { until } of holders) if (until !== null && until < this.#soonestEnd) this.#soonestEnd = until | < -> <=':
    'what is equal is put in its own place',
  'edge-agent/control/fireLinkage.ts: return added.length > 0 ? [...effects, this.#keep(id, live)] : effects | > -> >=':
    'what is kept already is kept again, and is the same',
  'edge-agent/control/fireLinkage.ts: if (!profile) continue | without if (!profile) continue':
    'only for the types: a panel that was read has its profile',
  'edge-agent/control/fireLinkage.ts: if (effects.length > 0 || changed) this.#o.commit(changed ? [...effects, this.#keep(id, live)] : effects) | > -> >=':
    'a commit of nothing is nothing',
  'edge-agent/control/linkageWatch.ts: return effects.length > 0 ? [[w, effects] as [Watched, Effect[]]] : [] | > -> >=':
    'what is kept already is kept again, and is the same',
  'edge-agent/control/linkageWatch.ts: if (!m) return [] | without if (!m) return []':
    'only for the types: every action that is watched has its measurements',
  'edge-agent/control/writer.ts: if (!rule || !isTrusted(read) || readAt <= (this.#writtenAt.get(ref) ?? -Infinity) + rule.settleMs) return false | <= -> <':
    'at one exact millisecond either is right',
  'edge-agent/control/writer.ts: if (refreshMs === undefined) return | without if (refreshMs === undefined) return':
    'without a period nothing is ever due; a moment is noted that nobody asks for',
}
