import { expect, it } from 'vitest'
import { agentWith } from '#api/events'
import type { AgentView } from '#api/models/live'
import { openAgentChanges } from '../../console/server/mirror/agentChanges.ts'

const link = (state: 'good' | 'lost') => ({ state, since: 1 }) as unknown as AgentView['links'][string]
const view = (o: Partial<AgentView> = {}): AgentView => ({
  id: 'tower',
  name: { zh: '塔', en: 'tower' },
  online: true,
  stopped: false,
  since: 0,
  heardAt: 0,
  links: Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`device-${i}`, link('good')])),
  rejected: 0,
  journalN: 0,
  programmeRevision: 0,
  refused: [],
  declined: null,
  journal: null,
  clockAheadMs: 0,
  suppressed: { n: 0, revision: 0 },
  ...o,
})

it('a status in which nothing is new is not told, and what is new is told alone', () => {
  const newsOf = openAgentChanges()
  expect(Object.keys(newsOf(view())?.links ?? {})).toHaveLength(400)
  for (let i = 1; i < 100; i++) expect(newsOf(view({ heardAt: 2000 * i, clockAheadMs: i % 7 }))).toBeUndefined()
  const lost = newsOf(view({ heardAt: 5, links: { ...view().links, 'device-7': link('lost') } }))
  expect(lost).toEqual({ id: 'tower', heardAt: 5, clockAheadMs: 0, links: { 'device-7': link('lost') } })
  expect(JSON.stringify(lost).length).toBeLessThan(200)
})

it('the changes put together are the agent as it is, whatever came and went', () => {
  const newsOf = openAgentChanges()
  const states = [
    view(),
    view({ online: false, stopped: true }),
    view({ links: { pump: link('lost') } }),
    view({ links: {}, journalN: 9, clockAheadMs: -4000 }),
    view({ links: { pump: link('good') }, declined: { revision: 3, reason: 'x' } }),
    view(),
  ]
  let known: AgentView | undefined
  for (const state of states) {
    const news = newsOf(state)
    if (news) known = agentWith(known, news)
    expect(known).toEqual(state)
  }
})

it('a link that the mirror changes in place counts as new', () => {
  const newsOf = openAgentChanges()
  const agent = view()
  newsOf(agent)
  agent.links['device-1'] = link('lost')
  expect(newsOf(agent)?.links).toEqual({ 'device-1': link('lost') })
})
