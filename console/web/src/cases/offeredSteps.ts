/** Not offered at all: for other roles, or not a step of this site. */
const unheard: readonly (string | null)[] = ['not-your-role', 'not-at-this-site']

/** Steps in the order in which they are offered: the main one when it is free, the free ones, then those that are blocked for now. */
export const offeredSteps = (verbs: Record<string, string | null>, main: string | null): [string, string | null][] => {
  const rank = ([verb, blocked]: [string, string | null]) => (blocked === null ? (verb === main ? 0 : 1) : 2)
  return Object.entries(verbs)
    .filter(([, blocked]) => !unheard.includes(blocked))
    .sort((a, b) => rank(a) - rank(b))
}
