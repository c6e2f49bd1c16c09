import { expect, it } from 'vitest'
import { EventBudget } from '../../edge-agent/domain/eventBudget.ts'

it('a flood of events is cut to a human rate, and what was held back is told once it is over', () => {
  const budget = new EventBudget(0)
  let through = 0
  for (let ms = 0; ms < 10_000; ms++) if (budget.admits(ms)) through++
  expect(through).toBeGreaterThanOrEqual(149)
  expect(through).toBeLessThanOrEqual(150)
  expect(budget.takeDropped(10_000)).toBe(0)
  expect(budget.takeDropped(25_000)).toBe(10_000 - through)
  expect(budget.takeDropped(26_000)).toBe(0)
})

it('a busy door loses nothing', () => {
  const budget = new EventBudget(0)
  for (let s = 0; s < 3600; s++) expect(budget.admits(s * 1000)).toBe(true)
})
