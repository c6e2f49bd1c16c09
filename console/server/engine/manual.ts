import { gradeSettings } from '../site/dataGrades.ts'
import { siteSettings } from '../site/settings.ts'
import type { CaseKind, Chapter, Manual } from './chapter.ts'
import type { Causes, Procedure } from './definition.ts'

const byId = <T>(things: readonly T[], idOf: (t: T) => string, what: string): ReadonlyMap<string, T> => {
  const map = new Map<string, T>()
  for (const t of things) {
    if (map.has(idOf(t))) throw new Error(`${what} '${idOf(t)}' is defined twice`)
    map.set(idOf(t), t)
  }
  return map
}

/** Puts the chapters together. Throws, naming it, where one stands on something that is not there. */
export const manualOf = (chapters: readonly Chapter[]): Manual => {
  const kinds = chapters.flatMap(c => c.cases ?? [])
  const procedures = kinds.map(k => k.versions[0])
  const registers = chapters.flatMap(c => c.registers ?? [])
  const routines = chapters.flatMap(c => c.routines ?? [])
  const settings = [...siteSettings, ...gradeSettings, ...chapters.flatMap(c => c.settings ?? [])]
  const kindOf = byId(kinds, k => k.versions[0].id, 'procedure')
  byId(registers, r => r.id, 'register')
  byId([...procedures, ...registers], p => p.prefix, 'prefix')
  byId(settings, s => s.key, 'setting')
  const chapterOf = byId(
    chapters.flatMap(chapter => (chapter.routines ?? []).map(routine => ({ routine, chapter }))),
    x => x.routine.id,
    'routine',
  )
  const rendering: Manual['rendering'] = service => {
    const found = procedures.find(p => p.renders === service)
    if (!found) throw new Error(`no procedure renders '${service}'`)
    return found
  }
  const manual: Manual = {
    kinds,
    procedures,
    registers,
    routines,
    settings,
    kind: id => kindOf.get(id),
    procedure: (id, version) => {
      const versions = kindOf.get(id)?.versions
      return versions?.find(p => p.version === version) ?? versions?.[0]
    },
    rendering,
    evidenceOf: routine => chapterOf.get(routine.id)?.chapter.evidence?.[routine.evidence],
    handsOver: look => gathered(chapters.map(c => c.handsOver?.(look))),
    entitles: look => gathered(chapters.map(c => c.entitles?.(look))),
    agenda: look => gathered(chapters.map(c => c.agenda?.(look))),
    tookOver: (db, since) => gathered(chapters.map(c => c.tookOver?.(db, since))),
  }
  for (const kind of kinds) for (const p of kind.versions) checkProcedure(manual, kind, p)
  return manual
}

const gathered = async <T>(lists: readonly (Promise<T[]> | undefined)[]): Promise<T[]> =>
  (await Promise.all(lists)).flatMap(list => list ?? [])

const checkProcedure = (manual: Manual, kind: CaseKind, p: Procedure) => {
  const where = `${p.id} (version ${p.version})`
  const must = (is: boolean, what: string) => {
    if (!is) throw new Error(`${where}: ${what}`)
  }
  const known = (state: string) => must(state in p.states, `there is no state '${state}'`)
  const checkCause = (c: Causes) => {
    if (typeof c === 'string') must(c in kind.causes, `there is no cause '${c}'`)
    else if ('opens' in c) must(manual.kind(c.opens) !== undefined, `it opens '${c.opens}', which is no procedure`)
    else if ('asksFor' in c) manual.rendering(c.asksFor)
  }
  for (const state of [p.initial, ...p.path]) known(state)
  for (const t of p.transitions) for (const state of [...t.from, t.to]) known(state)
  for (const step of [p.opening ?? {}, ...p.transitions]) {
    for (const need of step.needs ?? []) must(need in kind.needs, `there is no need '${need}'`)
    for (const cause of step.causes ?? []) checkCause(cause)
  }
  for (const service of p.leadsTo ?? []) manual.rendering(service)
}
