import { z } from 'zod'
import { roles } from '#api/rights'
import { isText, type Text } from '#api/words/text'
import { procedure } from '../../server/engine/definition.ts'
import { choiceField, optional, reason } from '../../server/engine/fields.ts'
import { labels } from '../../server/engine/labels.ts'

/** What it was in the end. */
const outcome = choiceField(
  'outcome',
  { zh: '结论', en: 'Outcome' },
  {
    real: { zh: '真实', en: 'Real' },
    'false-alarm': { zh: '误报', en: 'False alarm' },
    drill: { zh: '演习', en: 'Drill' },
  },
)

/** That nothing burns: marked from the first message to the last line. `simulators`: the alarms come from them; `shadow`: nothing is written. */
const drill = choiceField(
  'drill',
  { zh: '演习', en: 'Drill' },
  {
    shadow: { zh: '影子演习（不动设备）', en: 'Shadow drill (no device is moved)' },
    simulators: { zh: '仿真演习', en: 'Drill against the simulators' },
  },
)

const fields = [
  { key: 'kind', label: labels.kind, kind: 'plan', schema: z.string() },
  { key: 'level', label: { zh: '级别', en: 'Level' }, kind: 'text', schema: z.number().int().min(1).max(2) },
  { key: 'title', label: { zh: '事由', en: 'What' }, kind: 'text', schema: z.custom<Text>(v => isText(v, 1000)) },
  optional(outcome),
] as const

const returned = {
  verb: 'returned',
  label: { zh: '报警恢复', en: 'Alarms returned' },
  from: ['active'],
  to: 'verify',
  by: ['system'],
  needs: ['alarms-returned'],
} as const
const again = {
  verb: 'again',
  label: { zh: '再次报警', en: 'Alarm again' },
  from: ['verify'],
  to: 'active',
  by: ['system'],
} as const
const close = {
  verb: 'close',
  label: { zh: '核实并关闭', en: 'Verify and close' },
  from: ['active', 'verify'],
  to: 'closed',
  by: ['operator', 'supervisor', 'manager'],
  needs: ['alarms-returned', 'fire-released', 'alarms-acked', 'steps-settled'],
  asks: [outcome, reason],
  sets: ['outcome'],
  causes: ['end-reported'],
} as const
/** Two tickets of one event: the one ends, its alarms go on with the other, both keep their histories. */
const merge = {
  verb: 'merge',
  label: { zh: '并入另一张应急单', en: 'Merge into another ticket' },
  from: ['active', 'verify'],
  to: 'merged',
  by: ['system'],
} as const

const common = {
  id: 'emergency',
  prefix: 'EM',
  name: { zh: '应急处置单', en: 'Emergency ticket' },
  purpose: {
    zh: '火警、入侵、台风等按预案处置：谁做哪一步、通知了谁、联动是否到位，直到核实关闭并写报告',
    en: 'Fire, intrusion, typhoon and the like by their plan: who has which step, who was told, whether the linkages came, until verified, closed and reported',
  },
  list: { name: { zh: '应急', en: 'Emergency' }, group: 'now', icon: 'siren' },
  source: 'R66, R67, R68',
  about: 'title',
  initial: 'active',
  first: true,
  // R62 (2c 1.6), T67: its written report is owed the day after the event.
  opening: { causes: ['owe-report'] },
  states: {
    active: { name: { zh: '处置中', en: 'Active' }, main: 'close' },
    verify: { name: { zh: '已恢复，待核实', en: 'Returned, to be verified' }, main: 'close' },
    closed: { name: { zh: '已关闭', en: 'Closed' }, ends: true },
    merged: { name: { zh: '已并入另一张', en: 'Merged into another' }, ends: true },
  },
  path: ['active', 'verify', 'closed'],
  grave: [{ in: ['active', 'verify'] }],
  leadsTo: ['work-order', 'grievance'],
  opens: [],
  sees: roles,
  wholePage: true,
} as const

/** As it was before there were drills and merging; tickets that were open then end under it. */
export const emergencyOf2 = procedure(fields, { ...common, version: 2, transitions: [returned, again, merge, close] })

/**
 * Emergency ticket: R66 (levels), R67 (robbery), R68 (fire; its plan is the site's document). Steps with clocks are
 * child rows from the site's plan, not states.
 */
export const emergency = procedure([...fields, optional(drill)], {
  ...common,
  version: 3,
  transitions: [returned, again, merge, { ...close, needs: [...close.needs, 'drill-outcome'] }],
})
