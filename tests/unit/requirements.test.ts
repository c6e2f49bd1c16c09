import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { packageRoot } from '#program/environment'
import { numbersIn, requirementsTable, stories } from '../house/requirements.ts'
import { storyRules } from '../mutants/storyRules.ts'

/** What the desk's daily work is made of: each has a story that names it. */
const daily = [
  ...['R2', 'R3', 'R7', 'R9', 'R10', 'R11', 'R12', 'R13', 'R14', 'R15', 'R16', 'R23', 'R32', 'R38', 'R39', 'R40', 'R41'],
  ...['R43', 'R45', 'R49', 'R50', 'R55', 'R56', 'R58', 'R61', 'R62', 'R65', 'R71', 'R72'],
]

it('numbers are read one by one and in ranges', () => {
  expect(numbersIn('R10-R13, R15 (000 §4.2); T6, C40')).toEqual(['R10', 'R11', 'R12', 'R13', 'R15', 'T6', 'C40'])
  expect(numbersIn('OT-20261121, AR12 and R')).toEqual([])
})

it('the table of rules says what the code says', async () => {
  await expect(requirementsTable()).toMatchFileSnapshot('../../console/subjects/README.md')
})

it('of each the main rule is known, and stands once in its file: the campaign takes it out and the story must fail', () => {
  expect(storyRules.map(r => r.rule)).toEqual(daily)
  for (const { rule, file, take } of storyRules)
    expect(readFileSync(join(packageRoot, file), 'utf8').split(take).length - 1, rule).toBe(1)
})

it('each rule of the daily work has a story of its name', () => {
  const told = stories()
  expect(daily.filter(n => !told.has(n))).toEqual([])
})
