/** NIST SP 800-63B §5.1.1.2: at least eight characters, no rules of composition, nothing that is guessed first. */
export const shortestPassword = 8
export const longestPassword = 200

const isSequence = (text: string) => {
  const steps = [...text].slice(1).map((c, i) => (c.codePointAt(0) ?? 0) - (text.codePointAt(i) ?? 0))
  return [0, 1, -1].some(step => steps.every(s => s === step))
}

/** A PIN that is guessed first: one digit over and over, or a run of them. Pure. */
export const isEasyPin = (pin: string): boolean => pin !== '' && isSequence(pin)

/** What is wrong with a password that somebody chooses; undefined when nothing is. Pure. */
export const passwordFault = (
  chosen: string,
  { name, old }: { name: string; old: string },
): 'password-short' | 'password-guessed' | 'password-same' | undefined => {
  if ([...chosen].length < shortestPassword) return 'password-short'
  if (chosen === old) return 'password-same'
  if (isSequence(chosen) || chosen.toLowerCase().includes(name.toLowerCase())) return 'password-guessed'
  return undefined
}
