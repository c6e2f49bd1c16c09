import type { CommandView } from '#api/models/live'
import type { PointInfo } from '#contract/messages'
import { showValue } from './format.ts'
import type { Ui } from './ui.svelte.ts'

/** What a command asks for: a value, or to let go, to carry out, to test. */
export const commandValue = (
  command: Pick<CommandView, 'kind' | 'value'>,
  info: Pick<PointInfo, 'digits' | 'texts'> | undefined,
  ui: Pick<Ui, 't' | 'word'>,
): string => ui.t.command[command.kind] ?? showValue(command.value, info, ui.word)
