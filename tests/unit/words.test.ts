import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { en } from '#api/words/en'
import { zh } from '#api/words/zh'
import { refusal } from '#contract/journal'
import { packageRoot } from '#program/environment'
import { procedures } from '../../console/procedures/all.ts'

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
  it('every error code of the server has its sentence in both languages', () => {
    const server = filesBelow(join(packageRoot, 'console/server')).concat(filesBelow(join(packageRoot, 'broker/program')))
    const codes = new Set(
      server.flatMap(f =>
        [...readFileSync(f, 'utf8').matchAll(/(?:new ApiError\(\d+, |code: )'([a-z-]+)'/g)].map(m => m[1] as string),
      ),
    )
    expect(codes.size).toBeGreaterThan(20)
    for (const code of codes) for (const t of [zh, en]) expect(t.errors[code], code).toBeTruthy()
  })
})

describe('procedures', () => {
  for (const p of procedures) {
    it(`${p.id}: cites its rule, has both languages, reaches every state, and every case can end`, () => {
      expect(p.source).toMatch(/R\d+/)
      const labels = [
        p.name,
        ...p.fields.map(f => f.label),
        ...Object.values(p.states).map(s => s.name),
        ...p.transitions.map(t => t.label),
      ]
      for (const label of labels) expect(label.zh && label.en).toBeTruthy()
      const reach = (from: string, seen = new Set<string>()): Set<string> => {
        if (seen.has(from)) return seen
        seen.add(from)
        for (const t of p.transitions) if (t.from.includes(from)) reach(t.to, seen)
        return seen
      }
      expect([...reach(p.initial)].toSorted()).toEqual(Object.keys(p.states).toSorted())
      for (const state of Object.keys(p.states))
        expect(
          [...reach(state)].some(s => p.states[s]?.ends),
          state,
        ).toBe(true)
      for (const t of p.transitions) for (const s of [...t.from, t.to]) expect(p.states).toHaveProperty(s)
      for (const [id, s] of Object.entries(p.states))
        if (s.ends) expect(p.transitions.filter(t => t.from.includes(id))).toEqual([])
    })
  }
})
