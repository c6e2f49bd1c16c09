import { gradeSettings } from '../site/dataGrades.ts'
import { siteSettings } from '../site/settings.ts'
import type { CaseKind, Chapter, Manual } from './chapter.ts'
import type { Causes, Procedure } from './definition.ts'
import type { Field } from './field.ts'
import { fieldsOfTest } from './rules.ts'

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
  const things = chapters.flatMap(c => c.things ?? [])
  const routines = chapters.flatMap(c => c.routines ?? [])
  const settings = [...siteSettings, ...gradeSettings, ...chapters.flatMap(c => c.settings ?? [])]
  const kindOf = byId(kinds, k => k.versions[0].id, 'procedure')
  byId(registers, r => r.id, 'register')
  byId(things, t => t.id, 'kind of thing')
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
    things,
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
    charges: look => gathered(chapters.map(c => c.charges?.(look))),
    tookOver: (db, since) => gathered(chapters.map(c => c.tookOver?.(db, since))),
  }
  for (const kind of kinds) for (const p of kind.versions) checkProcedure(manual, kind, p)
  for (const r of registers) checkFields(manual, r.id, r.fields)
  for (const t of things) checkFields(manual, t.id, t.fields)
  return manual
}

const gathered = async <T>(lists: readonly (Promise<T[]> | undefined)[]): Promise<T[]> =>
  (await Promise.all(lists)).flatMap(list => list ?? [])

const checkFields = (manual: Manual, where: string, fields: readonly Field[]) => {
  for (const f of fields)
    if (f.kind === 'thing' && !manual.things.some(t => t.id === f.things))
      throw new Error(`${where}: '${f.key}' names a kind of thing that there is none of: '${f.things}'`)
}

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
    else if ('merges' in c)
      must(
        p.transitions.some(t => t.asks?.some(f => f.key === c.merges && f.kind === 'case' && f.things === p.id)),
        `it merges '${c.merges}', which no step asks for`,
      )
    else if ('charges' in c)
      must(
        p.fields.some(f => f.key === c.fen && f.kind === 'money'),
        `it charges '${c.fen}', which is no sum`,
      )
  }
  const hasField = (key: string) =>
    must(
      p.fields.some(f => f.key === key),
      `there is no field '${key}'`,
    )
  for (const state of [p.initial, ...p.path, ...(p.reserves?.in ?? []), ...(p.lines ?? []).flatMap(l => l.in)]) known(state)
  for (const { rests } of Object.values(p.states)) if (typeof rests === 'object') hasField(rests.until)
  for (const key of p.reserves ? [p.reserves.resource, p.reserves.from, p.reserves.to] : []) hasField(key)
  for (const r of p.rules ?? []) for (const key of [r.field, ...fieldsOfTest(r.must)]) hasField(key)
  for (const d of p.deadlines ?? []) if ('before' in d.limit) hasField(d.limit.before)
  checkFields(manual, where, [
    ...p.fields,
    ...p.transitions.flatMap(t => t.asks ?? []),
    ...(p.lines ?? []).flatMap(l => l.fields),
  ])
  for (const l of p.lines ?? []) {
    for (const s of [l.initial, ...l.steps.flatMap(t => [...t.from, t.to])])
      must(s in l.states, `list '${l.key}' has no state '${s}'`)
    for (const t of l.steps)
      if (t.asksFor)
        must(
          l.steps.some(x => x.verb === t.asksFor?.after),
          `list '${l.key}' has no step '${t.asksFor.after}'`,
        )
  }
  for (const t of p.transitions) {
    for (const s of t.sets ?? []) hasField(typeof s === 'string' ? s : s.field)
    for (const verb of t.notBy ?? [])
      must(
        p.transitions.some(x => x.verb === verb),
        `there is no step '${verb}'`,
      )
    for (const key of t.settled ?? []) must(p.lines?.some(l => l.key === key) === true, `there is no list '${key}'`)
  }
  for (const t of p.transitions) for (const state of [...t.from, t.to]) known(state)
  for (const step of [p.opening ?? {}, ...p.transitions]) {
    for (const need of step.needs ?? []) must(need in kind.needs, `there is no need '${need}'`)
    for (const cause of step.causes ?? []) checkCause(cause)
  }
  for (const service of p.leadsTo ?? []) manual.rendering(service)
}
