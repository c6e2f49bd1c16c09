import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { packageRoot } from '#program/environment'
import { manualOf } from '../../console/server/engine/manual.ts'
import { subjects } from '../../console/subjects/all.ts'

/** The rules (R), times (T) and conflicts (C) of the desk's requirements, and where each is kept. */
const most = { R: 85, T: 89, C: 42 } as const
type Letter = keyof typeof most

/** Numbers in a text, with those that a range such as R10-R13 means. */
export const numbersIn = (text: string): string[] =>
  [...text.matchAll(/\b([RTC])(\d+)(?:\s*[-–]\s*\1?(\d+))?\b/g)].flatMap(([, letter = '', from = '', to]) => {
    const [a, b] = [Number(from), Number(to ?? from)]
    const last = b >= a && b - a < 20 ? b : a
    return Array.from({ length: last - a + 1 }, (_, i) => `${letter}${a + i}`)
  })

const filesIn = (folder: string): string[] =>
  readdirSync(join(packageRoot, folder), { recursive: true, withFileTypes: true })
    .filter(f => f.isFile() && /\.(ts|svelte)$/.test(f.name))
    .map(f => relative(packageRoot, join(f.parentPath, f.name)))
    .toSorted()

type Place = { name: string; screen: string }
/** What a definition of a subject gives: its name, and the page on which it is. */
const definitions = (): Map<string, Place[]> => {
  const found = new Map<string, Place[]>()
  const add = (sources: readonly (string | undefined)[], place: Place) => {
    for (const n of new Set(sources.flatMap(s => numbersIn(s ?? '')))) found.set(n, [...(found.get(n) ?? []), place])
  }
  const manual = manualOf(subjects)
  for (const p of manual.procedures) {
    const within = [...(p.deadlines ?? []), ...(p.rules ?? []), ...(p.lines ?? []), ...p.transitions.flatMap(t => t.rules ?? [])]
    add([p.source, ...within.map(x => x.source)], { name: p.name.zh, screen: `/${p.id}` })
  }
  for (const r of manual.registers) add([r.source], { name: r.name.zh, screen: `/registers/${r.id}` })
  for (const r of manual.routines) add([r.source], { name: r.name.zh, screen: '/today' })
  for (const t of manual.things) add([t.source], { name: t.name.zh, screen: '/things' })
  for (const s of manual.settings) add([s.source], { name: `${s.name.zh}（站点设置）`, screen: '/settings' })
  return found
}

/** The files of the console that cite a number otherwise. */
const citing = (): Map<string, string[]> => {
  const found = new Map<string, string[]>()
  for (const file of ['console/server', 'console/subjects', 'console/web/src', 'console/api'].flatMap(filesIn)) {
    if (file.includes('/words/')) continue
    for (const n of new Set(numbersIn(readFileSync(join(packageRoot, file), 'utf8'))))
      found.set(n, [...(found.get(n) ?? []), file])
  }
  return found
}

/** Story tests by the numbers in their titles. */
export const stories = (): Map<string, string[]> => {
  const found = new Map<string, string[]>()
  for (const file of filesIn('tests').filter(f => f.endsWith('.test.ts')))
    for (const [, , title = ''] of readFileSync(join(packageRoot, file), 'utf8').matchAll(
      /\b(?:it|describe)(?:\.\w+)*\(\s*(['"`])((?:(?!\1).)*)\1/g,
    ))
      for (const n of new Set(numbersIn(title))) found.set(n, [...new Set([...(found.get(n) ?? []), file])])
  return found
}

const few = (list: readonly string[], n = 4) => (list.length > n ? [...list.slice(0, n), `+${list.length - n}`] : list).join(', ')

/** The table as it stands in console/subjects/README.md. */
export const requirementsTable = (): string => {
  const [defined, cited, tested] = [definitions(), citing(), stories()]
  const rows = (Object.keys(most) as Letter[]).flatMap(letter =>
    Array.from({ length: most[letter] }, (_, i) => {
      const n = `${letter}${i + 1}`
      const places = defined.get(n) ?? []
      const named = few([...new Set(places.map(p => p.name))])
      const where =
        named === ''
          ? few(
              (cited.get(n) ?? []).map(f => `\`${f.replace(/^console\//, '')}\``),
              3,
            )
          : named
      const screens = few([...new Set(places.map(p => p.screen))])
      const tests = few((tested.get(n) ?? []).map(f => `\`${f.replace(/^tests\//, '').replace('.test.ts', '')}\``))
      return `| ${n} | ${where || '-'} | ${screens || '-'} | ${tests || '-'} |`
    }),
  )
  return [
    '# What this desk does, rule by rule',
    '',
    'One folder is one thing that people do. Each rule (R), time (T) and conflict (C) of the requirements is listed with the definition',
    'that cites it (or the files of `console/` that do), the page on which it is, and the tests whose titles name it. `-` means that',
    'there is none. Generated: `npx vitest run tests/unit/requirements.test.ts -u` writes it anew, and the same test holds it to the code.',
    '',
    '| | Definition | Page | Tests |',
    '|-|-|-|-|',
    ...rows,
    '',
  ].join('\n')
}
