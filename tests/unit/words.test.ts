import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fieldsOfCondition } from '#api/conditions'
import { refusals } from '#api/errors'
import { en } from '#api/words/en'
import { zh } from '#api/words/zh'
import { journalBody, refusal } from '#contract/journal'
import { linkReason } from '#contract/messages'
import { packageRoot } from '#program/environment'
import { manual, procedures, routines, settings } from '../harness/manual.ts'

const web = join(packageRoot, 'console/web/src')
const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap(e =>
    e.isDirectory() ? filesBelow(join(folder, e.name)) : [join(folder, e.name)],
  )
const sources = filesBelow(web).filter(f => /\.(svelte|ts)$/.test(f))

describe('words', () => {
  it('no screen has a word of its own: all text stands in the dictionaries', () => {
    const withoutComments = (file: string) => readFileSync(file, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->/g, '')
    for (const file of sources) expect(withoutComments(file).match(/[\u4e00-\u9fff]+/g) ?? [], file).toEqual([])
  })
  it('no colour stands outside tokens.css', () => {
    for (const file of filesBelow(web).filter(f => /\.(svelte|css)$/.test(f) && !f.endsWith('tokens.css')))
      expect(readFileSync(file, 'utf8').match(/#[0-9a-fA-F]{3,8}\b(?=[;\s,)}])|rgb\(/g) ?? [], file).toEqual([])
  })
  it('nothing is set as raw HTML', () => {
    for (const file of sources) expect(readFileSync(file, 'utf8')).not.toContain('{@html')
  })
  it('every refusal of the wire has its sentence in both languages', () => {
    for (const code of refusal.options) for (const t of [zh, en]) expect(t.refusal[code], code).toBeTruthy()
  })
  it('every reason of a lost link, and everything that happens to a compartment, has its words in both languages', () => {
    for (const reason of linkReason.options) for (const t of [zh, en]) expect(t.link[reason], reason).toBeTruthy()
    const compartment = journalBody.options.find(o => o.shape.type.value === 'compartment')
    const phases = (compartment?.shape as { phase: { options: string[] } } | undefined)?.phase.options ?? []
    expect(phases).toContain('by-hand')
    for (const phase of phases) for (const t of [zh, en]) expect(t.emergency.verbs[phase], phase).toBeTruthy()
  })
  it('every error code of the server has its sentence in both languages', () => {
    const codes = Object.keys(refusals).filter(c => c !== 'in-the-way')
    // What the starter of routes says by itself.
    const program = filesBelow(join(packageRoot, 'broker/program'))
    for (const f of program)
      for (const m of readFileSync(f, 'utf8').matchAll(/new ApiError\(\d+, '([a-z-]+)'/g)) expect(codes).toContain(m[1])
    expect(codes.length).toBeGreaterThan(20)
    for (const code of codes) for (const t of [zh, en]) expect(t.errors[code], code).toBeTruthy()
  })
})

const both = (label: { zh: string; en: string }, where: string) => expect(label.zh && label.en, where).toBeTruthy()

/** States in which only cases stand that were opened before: an order waited there to be sent until opening sent it. */
const former: Record<string, string[]> = { repair: ['received'] }

describe('procedures', () => {
  for (const p of procedures) {
    it(`${p.id}: cites its rule, has both languages, reaches every state, and every case can end`, () => {
      expect(p.source).toMatch(/[RC]\d+/)
      both(p.name, p.id)
      for (const f of [...p.fields, ...p.transitions.flatMap(t => t.asks ?? [])]) {
        both(f.label, f.key)
        for (const c of f.choices ?? []) both(c.label, `${f.key} ${c.value}`)
        // What a choice offers is what its schema takes.
        const takes = (v: unknown) => f.schema.safeParse(v).success
        for (const c of f.choices ?? []) expect(takes(c.value) || takes([c.value]), `${f.key} ${c.value}`).toBe(true)
        if (f.requiredWhen) for (const key of fieldsOfCondition(f.requiredWhen)) expect(p.fields.map(x => x.key)).toContain(key)
      }
      for (const s of Object.values(p.states)) both(s.name, p.id)
      both(p.printed ?? p.name, p.id)
      expect(p.path[0]).toBe(p.initial)
      for (const [i, s] of p.path.slice(1).entries())
        expect(
          p.transitions.some(t => t.from.includes(p.path[i] as string) && t.to === s),
          `${p.path[i]} to ${s}`,
        ).toBe(true)
      expect(p.states[p.path.at(-1) as string]?.ends).toBe(true)
      expect(p.fields.map(f => f.key)).toContain(p.about)
      for (const service of p.leadsTo ?? []) expect(procedures).toContain(manual.rendering(service))
      // In whose hands it is, a step says that asks for it.
      for (const t of p.transitions)
        for (const hand of Object.values(t.hands ?? {}))
          if (typeof hand === 'object') expect(t.asks?.map(f => f.key)).toContain(hand.asked)
      for (const t of p.transitions) both(t.label, t.verb)
      for (const r of [...(p.rules ?? []), ...p.transitions.flatMap(t => t.rules ?? [])]) {
        expect(r.source).toMatch(/[RC]\d+/)
        both(r.say, r.field)
      }
      for (const l of p.lines ?? []) {
        expect(l.source, l.key).toMatch(/[RC]\d+/)
        both(l.name, l.key)
        expect(l.fields.map(f => f.key)).toContain(l.about)
        for (const s of Object.values(l.states)) both(s.name, l.key)
        for (const s of l.steps) both(s.label, `${l.key} ${s.verb}`)
        for (const f of [...l.fields, ...l.steps.flatMap(s => s.asks ?? [])]) both(f.label, `${l.key} ${f.key}`)
        // Whatever a row says, it can be settled.
        const ways = (from: string, seen = new Set<string>()): Set<string> => {
          if (seen.has(from)) return seen
          seen.add(from)
          for (const s of l.steps) if (s.from.includes(from)) ways(s.to, seen)
          return seen
        }
        for (const state of Object.keys(l.states))
          expect(
            [...ways(state)].some(s => l.states[s]?.settled),
            `${l.key}: out of '${state}'`,
          ).toBe(true)
      }
      const reach = (from: string, seen = new Set<string>()): Set<string> => {
        if (seen.has(from)) return seen
        seen.add(from)
        for (const t of p.transitions) if (t.from.includes(from)) reach(t.to, seen)
        return seen
      }
      const reached = [...reach(p.initial), ...(former[p.id] ?? [])]
      expect(reached.toSorted()).toEqual(Object.keys(p.states).toSorted())
      for (const state of Object.keys(p.states))
        expect(
          [...reach(state)].some(s => p.states[s]?.ends),
          state,
        ).toBe(true)
      for (const t of p.transitions) for (const s of [...t.from, t.to]) expect(p.states).toHaveProperty(s)
      for (const [id, s] of Object.entries(p.states))
        if (s.ends) expect(p.transitions.filter(t => t.from.includes(id))).toEqual([])
      // One verb of one state leads to one place.
      for (const id of Object.keys(p.states)) {
        const verbs = p.transitions.filter(t => t.from.includes(id)).map(t => t.verb)
        expect(new Set(verbs).size, id).toBe(verbs.length)
      }
    })
    it(`${p.id}: every deadline cites its rule, starts, can be met, and tells somebody`, () => {
      const verbs = p.transitions.map(t => t.verb)
      for (const d of p.deadlines ?? []) {
        both(d.name, d.key)
        expect(d.source, d.key).toMatch(/\b[TCR]\d+/)
        expect(d.tells.length, d.key).toBeGreaterThan(0)
        for (const v of [
          ...d.metBy.map(m => (typeof m === 'string' ? m : m.verb)),
          ...(d.starts === 'open' ? [] : d.starts.verbs),
        ])
          expect(verbs, d.key).toContain(v)
        for (const s of d.pausedIn ?? []) expect(p.states).toHaveProperty(s)
        for (const s of [d.limit, d.target]) if (s && 'key' in s) expect(settings).toContain(s)
        if ('agreed' in d.limit) {
          const { agreed } = d.limit
          const starting =
            d.starts === 'open' ? [] : p.transitions.filter(t => (d.starts as { verbs: string[] }).verbs.includes(t.verb))
          for (const t of starting) expect(t.asks?.map(f => f.key)).toContain(agreed)
          if (d.starts === 'open') expect(p.fields.map(f => f.key)).toContain(agreed)
        }
      }
    })
  }
  it('what one procedure opens or acts on in another exists there', () => {
    for (const p of procedures)
      for (const cause of p.transitions.flatMap(t => t.causes ?? []))
        if (typeof cause === 'object' && 'opens' in cause) expect(procedures.map(x => x.id)).toContain(cause.opens)
  })
})

describe('routines and settings', () => {
  it('every routine cites its rule, has both languages and belongs to a manual', () => {
    expect(new Set(routines.map(r => r.id)).size).toBe(routines.length)
    for (const r of routines) {
      both(r.name, r.id)
      expect(r.source, r.id).toMatch(/[RC]\d+/)
      expect(r.at.length, r.id).toBeGreaterThan(0)
      expect(r.rule.at, r.id).toMatch(/^\d\d:\d\d$/)
    }
  })
  it('every setting cites its conflict or rule, and its default and presets are values that it takes', () => {
    for (const s of settings) {
      const { key } = s
      both(s.name, key)
      expect(s.source, key).toMatch(/[CTR]\d+|(GB(\/T)?|PIPL|IEC) \d+/)
      expect(s.schema.safeParse(s.default).success, key).toBe(true)
      for (const v of Object.values(s.presets ?? {})) expect(s.schema.safeParse(v).success, key).toBe(true)
    }
  })
})
