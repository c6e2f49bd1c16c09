import { expect, it } from 'vitest'
import { parseSite } from '#contract/parseSite'
import { parseProfile } from '#contract/profile'
import { type Problem, problemLine } from '#contract/yamlSource'
import { readEnvironment } from '#program/environment'
import { readCatalogue } from '#program/siteFiles'
import { fireMistakes } from './fireMistakes.ts'
import type { Planted } from './planted.ts'
import { profileHarmless } from './profileHarmless.ts'
import { profileMistakes } from './profileMistakes.ts'
import { harmless } from './siteHarmless.ts'
import { siteMistakes } from './siteMistakes.ts'
import { Chance, profileNamed, tower } from './siteTowers.ts'
import { type Tree, yamlLines } from './yamlLines.ts'

const catalogue = readCatalogue(readEnvironment({}).ZHIBAN_PROFILES)
const problemsOf = (text: string) => parseSite({ file: 'site.yaml', text }, catalogue).problems
const count = 100
const seed = Number(process.env['ZHIBAN_SEED'] ?? 20_261_124)

/** The next of a table, over and over, so that all have their turn; the chances of each turn are its own. */
const turns = <T>(table: Record<string, T>, turn: (kind: T, chance: Chance, i: number) => string[]): string[] => {
  const kinds = Object.entries(table)
  expect(kinds.length).toBeLessThanOrEqual(count)
  return Array.from({ length: count }).flatMap((_, i) => {
    const [name, kind] = kinds[i % kinds.length] as [string, T]
    return turn(kind, new Chance(seed + i), i).map(said => `${name}: ${said}`)
  })
}

/** Nothing when the mistake is named where it was made; else what was said instead. */
const unnamed = ({ place, says }: Planted, tree: Tree, read: (text: string) => Problem[]): string[] => {
  const { text, lineOf } = yamlLines(tree)
  const problems = read(text)
  const [path, line] = [place.join('.'), lineOf(place)]
  const isHere = (p: Problem) => p.line === line && (p.path === path || p.path.startsWith(`${path}.`))
  if (problems.some(p => isHere(p) && says.test(p.message))) return []
  return [`line ${line} ${path} ${says}, but\n${problems.map(problemLine).join('\n')}`]
}

it(`${count} sites with one mistake each: every one is refused, at its place and by its name`, () => {
  const wrong = turns({ ...siteMistakes, ...fireMistakes }, (plant, chance, i) => {
    const site = tower(i)
    return unnamed(plant(site, chance), site, problemsOf)
  })
  process.stdout.write(`${count - wrong.length} of ${count} named\n`)
  expect(wrong).toEqual([])
})

it('device types with one mistake each: every one is refused, at its place and by its name', () => {
  const wrong = Object.entries(profileMistakes).flatMap(([name, plant]) => {
    const { profile, ...planted } = plant()
    const read = (text: string) => parseProfile({ file: 'profile.yaml', text }).problems
    return unnamed(planted, profile, read).map(said => `${name}: ${said}`)
  })
  process.stdout.write(`${Object.keys(profileMistakes).length - wrong.length} device types named\n`)
  expect(wrong).toEqual([])
})

it(`${count} harmless changes: every one is accepted`, () => {
  const refused = turns(harmless, (change, chance, i) => {
    const site = tower(i)
    change(site, chance)
    const { text } = yamlLines(site)
    // Comments and blank lines are nothing to the reader.
    const lines = text.split('\n').flatMap((line, k) => (chance.below(40) === 0 ? [line, '', `# ${k}: a note`] : [line]))
    const problems = problemsOf(lines.join('\n'))
    return problems.length > 0 ? [problems.map(problemLine).join('\n')] : []
  })
  process.stdout.write(`${count - refused.length} of ${count} accepted\n`)
  expect(refused).toEqual([])
})

it('harmless changes of device types: every one is accepted', () => {
  const refused = Object.entries(profileHarmless).flatMap(([what, [name, change]]) => {
    const profile = profileNamed(name)
    change(profile)
    const { problems } = parseProfile({ file: 'profile.yaml', text: yamlLines(profile).text })
    return problems.map(p => `${what}: ${problemLine(p)}`)
  })
  expect(refused).toEqual([])
})
