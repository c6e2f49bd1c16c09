import type { Text } from '#api/words/text'
import type { AlarmFact } from '#contract/alarm'

/** Of what the console alone can see. */
export const consoleSource = 'console'

/** An alarm as its source tells it: an agent in the words of its files, the console in sentences of the dictionaries. */
export type Fact = Omit<AlarmFact, 'name'> & { name: Text }
