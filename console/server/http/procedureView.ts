import type { Preset } from '#api/manuals'
import type { FieldView, ProcedureView } from '#api/models/cases'
import { hasRole, type Role } from '#api/rights'
import type { Manual } from '../engine/chapter.ts'
import { isByPeople, type Procedure } from '../engine/definition.ts'
import type { Field } from '../engine/field.ts'

export const fieldOf = (f: Field): FieldView => ({
  key: f.key,
  label: f.label,
  kind: f.kind,
  things: f.things ?? null,
  role: f.role ?? null,
  required: f.signs !== 'doer' && !f.schema.safeParse(undefined).success,
  requiredWhen: f.requiredWhen ?? null,
  signs: f.signs ?? null,
  choices: [...(f.choices ?? [])],
  phrases: [...(f.phrases ?? [])],
})

/** A procedure as the screens of somebody with these roles need it, its form named as this kind of site does. */
export const procedureViewOf = (p: Procedure, manual: Manual, who: readonly Role[], kind: Preset): ProcedureView => ({
  id: p.id,
  version: p.version,
  name: p.name,
  purpose: p.purpose,
  source: p.source,
  inForce: manual.procedure(p.id) === p,
  first: p.first === true,
  list: {
    name: p.list?.name ?? p.name,
    group: p.list?.group ?? 'desk',
    icon: p.list?.icon ?? 'paper',
    pinned: p.list?.pinned === true,
  },
  call: p.call ? { name: p.call.name, key: p.call.key, says: { ...p.call.says } } : null,
  prefix: p.prefix,
  about: p.about,
  fields: p.fields.map(fieldOf),
  states: Object.fromEntries(
    Object.entries(p.states).map(([k, s]) => [k, { name: s.name, ends: s.ends === true, main: s.main ?? null }]),
  ),
  lines: (p.lines ?? []).map(l => ({
    ...{ key: l.key, name: l.name, source: l.source, about: l.about, in: [...l.in], emptyOnPaper: l.emptyOnPaper ?? 0 },
    fields: l.fields.map(fieldOf),
    mayAdd: hasRole(who, l.adds ?? []),
    states: Object.fromEntries(Object.entries(l.states).map(([k, s]) => [k, { name: s.name, settled: s.settled === true }])),
    steps: Object.fromEntries(l.steps.map(s => [s.verb, { label: s.label, asks: (s.asks ?? []).map(fieldOf) }])),
  })),
  calls: [...(p.calls ?? [])],
  path: [...p.path],
  verbs: Object.fromEntries(
    p.transitions.map(t => [
      t.verb,
      {
        label: t.label,
        from: !isByPeople(t) ? [] : p.transitions.filter(x => x.verb === t.verb).flatMap(x => x.from),
        to: t.to,
        when: t.when ?? null,
        asks: (t.asks ?? []).map(fieldOf),
        settled: [...(t.settled ?? [])],
      },
    ]),
  ),
  visitedIn: [...new Set(p.visited?.cases.flatMap(c => c.in) ?? [])],
  opensByHand: hasRole(who, p.opens),
  leadsTo: (p.leadsTo ?? []).map(service => manual.rendering(service).id),
  printed: p.printedBy?.[kind] ?? p.printed ?? p.name,
  booksZones: p.booksZones === true,
  wholePage: p.wholePage === true,
  byHand: [...(p.byHand ?? [])],
})
