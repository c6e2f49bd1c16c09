import { Registry } from 'prom-client'
import { expect, it } from 'vitest'
import type { Decoded } from '#contract/decode'
import { onAgentMessages } from '../../console/server/agents/link/agentMessages.ts'

it('a revision that an agent has declined is not sent again, an older one that it simply has still is', () => {
  const sent: number[] = []
  const current = { revision: 7 }
  const hear = onAgentMessages({
    mirror: { onProgrammeReport: () => {} },
    programme: { current },
    link: () => ({ programme: async (_agent: string, body: { revision: number }) => sent.push(body.revision) }),
    metrics: new Registry(),
  } as never)
  const report = (declined: { revision: number; reason: string } | null) =>
    hear('tower', {
      ok: true,
      kind: 'programmeReport',
      address: { site: 's', agent: 'tower' },
      body: { revision: 6, at: 0, refused: [], declined },
    } as Decoded)
  report(null)
  report({ revision: 7, reason: 'unknown zone' })
  report({ revision: 7, reason: 'unknown zone' })
  expect(sent).toEqual([7])
  current.revision = 8
  report({ revision: 7, reason: 'unknown zone' })
  expect(sent).toEqual([7, 8])
})
