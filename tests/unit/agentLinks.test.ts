import { describe, expect, it } from 'vitest'
import type { LinkState } from '#contract/messages'
import { AgentLinks } from '../../console/server/mirror/agentLinks.ts'

const link = (more: Partial<LinkState> = {}): LinkState => ({
  ok: true,
  since: 1,
  reason: null,
  code: null,
  errors: 0,
  driftMs: null,
  bus: null,
  ...more,
})
const bad = link({ ok: false, reason: 'exception', code: 2 })
const page = (session: string, revision: number, links: Record<string, LinkState>) => ({ session, revision, links })

describe('the links of an agent in pages', () => {
  it('each page counts by itself', () => {
    const links = new AgentLinks()
    links.onSession('s1')
    links.onPage(page('s1', 1, { a: link() }))
    links.onPage(page('s1', 1, { b: bad }))
    expect(links.shown).toEqual({ a: link(), b: bad })
    links.onPage(page('s1', 2, { a: bad }))
    expect(links.shown).toEqual({ a: bad, b: bad })
  })
  it('pages that come before the status of their session are shown when it comes; the old ones are gone with it', () => {
    const links = new AgentLinks()
    links.onSession('s1')
    links.onPage(page('s1', 8, { a: link(), gone: link() }))
    links.onPage(page('s2', 1, { a: bad }))
    expect(links.shown).toEqual({ a: link(), gone: link() })
    links.onSession('s2')
    expect(links.shown).toEqual({ a: bad })
    links.onPage(page('s1', 9, { a: link() }))
    expect(links.shown).toEqual({ a: bad })
  })
  it('a page that is left over from a longer list does not undo what a newer one says', () => {
    const links = new AgentLinks()
    links.onSession('s1')
    links.onPage(page('s1', 9, { a: bad }))
    links.onPage(page('s1', 3, { a: link(), b: link() }))
    expect(links.shown).toEqual({ a: bad, b: link() })
  })
  it('a state that was sent before its device died, and comes after the page that says so, does not bring it back', () => {
    const links = new AgentLinks()
    links.onSession('s1')
    const died = link({ ok: false, reason: 'no-answer', since: 500 })
    links.onPage(page('s1', 4, { a: died }))
    links.onDevice('s1', 'a', link({ since: 100 }))
    expect([links.of('a'), links.shown['a']]).toEqual([died, died])
    links.onDevice('s1', 'a', link({ since: 900 }))
    expect(links.of('a')?.ok).toBe(true)
  })
  it('what a device tells of its link is the newest of that device', () => {
    const links = new AgentLinks()
    links.onSession('s1')
    links.onPage(page('s1', 1, { a: link() }))
    links.onDevice('s1', 'a', bad)
    expect(links.shown['a']).toEqual(bad)
    links.onDevice('s0', 'a', link())
    expect(links.shown['a']).toEqual(bad)
    links.onPage(page('s1', 2, { a: link() }))
    expect(links.shown['a']).toEqual(link())
  })
})
