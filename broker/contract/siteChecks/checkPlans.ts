import type { SiteParts } from './siteParts.ts'

/** One plan a kind, and no step waits for a later one. */
export const checkPlans = ({ site: { plans }, say }: SiteParts) => {
  plans.forEach((plan, i) => {
    if (plans.findIndex(p => p.kind === plan.kind) < i) say(['plans', i, 'kind'], `a plan for '${plan.kind}' stands already`)
    plan.steps.forEach((step, k) => {
      if (step.after !== undefined && step.after > k)
        say(['plans', i, 'steps', k, 'after'], `step ${k + 1} can only wait for an earlier step`)
    })
  })
}
