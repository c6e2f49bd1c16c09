/** Mutants that nothing notices, by what they are, each with its reason. */
export const survivors: Readonly<Record<string, string>> = {}
