import type { Ui } from '../../../web/src/state/ui.svelte.ts'
import type { HeardRow } from './heardRows.ts'

/** By which channels somebody was called. */
export const channelsText = (ui: Pick<Ui, 't' | 'word' | 'building'>, { channels }: HeardRow): string =>
  channels
    .map(id => {
      const found = ui.building.site?.channels.find(x => x.id === id)
      return found ? ui.word(found.name) : id
    })
    .join(ui.t.marks.list)

/** How far a message has come with somebody. */
export const heardText = ({ t, f }: Pick<Ui, 't' | 'f'>, r: HeardRow): string => {
  const clock = r.at === null ? '' : ` ${f.seconds(r.at)}`
  if (r.state === 'nobody') return t.emergency.nobodyThere
  if (r.state === 'seen') return t.emergency.seenAt(clock.trim())
  if (r.state === 'unseen') return t.emergency.unseen
  if (r.state === 'no-screen') return t.emergency.noScreen
  return `${t.calls.states[r.state]}${clock}`
}
