/**
 * The rule at the heart of each story of the daily work, and what it is without it: the story of that number must not pass then.
 * `take` stands once in `file`; `by` is the file of tests, over the books unless it is a unit test.
 */
export type StoryRule = { rule: string; file: string; take: string; put: string; by: string }

const subjects = 'console/subjects'
const front = 'tests/books/front.test.ts'
const deskEngine = 'tests/books/deskEngine.test.ts'
const months = 'tests/books/months.test.ts'

const rule = (number: string, file: string, take: string, put: string, by: string): StoryRule => ({
  ...{ rule: number, file: `${subjects}/${file}`, take, put, by },
})

export const storyRules: readonly StoryRule[] = [
  rule('R2', 'leaflets/subject.ts', "mustBeNothing: { atTheDesk: 'entries-open' },", '', front),
  rule('R3', 'enquiry/definition.ts', "sets: [{ field: 'visits', to: 'two' }],", '', front),
  rule(
    'R7',
    'priceList/screens/priceOn.ts',
    'nextFrom <= date ? nextPrice : price',
    'nextFrom > date ? nextPrice : price',
    'tests/unit/priceOn.test.ts',
  ),
  rule('R9', 'enquiry/evidence.ts', "groupedBy(heads, 'category')", "groupedBy(heads, 'kind')", front),
  rule(
    'R10',
    'moveIn/definition.ts',
    "settled: ['documents', 'facilities', 'forms'],",
    "settled: ['facilities', 'forms'],",
    deskEngine,
  ),
  rule(
    'R11',
    'moveIn/definition.ts',
    "settled: ['documents', 'facilities', 'forms'],",
    "settled: ['documents', 'facilities'],",
    deskEngine,
  ),
  rule(
    'R12',
    'moveIn/definition.ts',
    "{ verb: 'ended', label: { zh: '维修单已结', en: 'Order ended' }, from: ['repairing'], to: 'mended', by: [] }",
    "{ verb: 'ended', label: { zh: '维修单已结', en: 'Order ended' }, from: ['repairing'], to: 'good', by: [] }",
    deskEngine,
  ),
  rule('R13', 'lift/definition.ts', "opening: {\n      needs: ['fire-lift'],", 'opening: {', deskEngine),
  rule(
    'R14',
    'occupancy/evidence.ts',
    'rows.map(r => [unit(r.unit), r.name]),',
    "rows.map(r => [unit(r.unit), r.name, r.contact ?? '']),",
    front,
  ),
  rule('R15', 'moveIn/definition.ts', "settled: ['wishes'],", '', deskEngine),
  rule('R16', 'moveOut/definition.ts', "settled: ['commitments', 'clearances'],", "settled: ['commitments'],", deskEngine),
  rule(
    'R23',
    'complaint/definition.ts',
    'departmentOf: form => routing[form.category] ?? null,',
    "departmentOf: () => 'customer-service',",
    front,
  ),
  rule(
    'R32',
    'visits/appraised.ts',
    'if (!visit || !said.satisfied) return',
    'if (!visit || said.satisfied) return',
    'tests/books/selfService.test.ts',
  ),
  rule(
    'R38',
    'monthEnd/months.ts',
    'isFrozen(stateOf(row)) ? frozenOf(db, month) : openOf(around, db, month)',
    'openOf(around, db, month)',
    months,
  ),
  rule('R39', 'cleaning/monthly.ts', 'await chargeService(', 'if (month === head.form.first) await chargeService(', months),
  rule(
    'R40',
    'cleaning/definition.ts',
    "causes: [{ charges: { zh: '特殊清洁', en: 'Special cleaning' }, fen: 'priceFen' }],",
    '',
    months,
  ),
  rule(
    'R41',
    'overtime/segments.ts',
    'if (until === undefined) return zones.map(z => ({ zone: z, from, to }))',
    'if (until === undefined) return [{ zone, from, to }]',
    'tests/books/overtimeSegments.test.ts',
  ),
  rule('R43', 'lift/definition.ts', "in: ['applied', 'agreed'] },", 'in: [] },', deskEngine),
  rule('R45', 'repair/definition.ts', "departmentOf: () => 'engineering',", "departmentOf: () => 'customer-service',", front),
  rule('R49', 'mail/register.ts', "due: 'same-day',", '', deskEngine),
  rule('R50', 'keys/register.ts', "alone: ['key', 'card'],", "alone: ['key'],", deskEngine),
  rule('R55', 'decoration/definition.ts', "settled: ['handed', 'alterations'],", "settled: ['handed'],", deskEngine),
  rule('R56', 'goodsRelease/definition.ts', "needs: ['unrestricted'],", '', deskEngine),
  rule('R58', 'occupancy/evidence.ts', 'uncleaned: [...listed].filter(p => !done.has(p)).length,', 'uncleaned: 0,', front),
  rule('R61', 'handover/draft.ts', "where('ended_at', '>', at - shiftMs)", "where('ended_at', '>', at)", front),
  rule('R62', 'dutyRecord/subject.ts', 'areaKeys.filter(a => !seen.has(a)).length', '0', front),
  rule('R65', 'complaint/deadlines.ts', 'counts: complaintCounts,', "counts: 'always',", front),
  rule('R71', 'gatehouse/subject.ts', 'unconfirmed: registered.length - confirmed,', 'unconfirmed: 0,', front),
  rule(
    'R72',
    'gatehouse/registers.ts',
    "must: { form: { field: 'shown', is: [true] } },",
    "must: { form: { field: 'shown', is: [true, false] } },",
    front,
  ),
]
