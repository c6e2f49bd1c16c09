/** Mutants that nothing notices, by what they are, each with its reason. */
export const survivors: Readonly<Record<string, string>> = {
  'edge-agent/domain/fireRule.ts: companions.set(profile, found) | without companions.set(profile, found)':
    'what is found is found again each time: slower, and the same',
  "edge-agent/control/commandDesk.ts: if (old.length > 0) this.#o.commit(old.map(key => ({ forget: 'command', key }))) | > -> >=":
    'a commit of nothing is nothing',
}
