import { type CommandStep, isFinalStep } from '#contract/journal'
import type { Bucket, Effect } from '../../edge-agent/memory/edgeMemory.ts'

/** Ids that the agent makes for what nobody commanded. */
const ownId = /^[0-9A-Z]{26}$/

/** A kept document: its text, and what a reader makes of it, which nobody may change. */
class Kept {
  readonly text: string
  #body: unknown

  constructor(text: string) {
    this.text = text
  }

  get body(): unknown {
    this.#body ??= frozen(JSON.parse(this.text))
    return this.#body
  }
}

const frozen = (x: unknown): unknown => {
  if (typeof x === 'object' && x !== null) {
    for (const y of Object.values(x)) frozen(y)
    Object.freeze(x)
  }
  return x
}

/** One transaction as it goes to the disk: documents by `bucket key` (undefined: gone), and steps of commands. */
export type Transaction = { kept: [string, Kept | undefined][]; steps: [string, CommandStep][] }

export const transaction = (effects: readonly Effect[]): Transaction => {
  const t: Transaction = { kept: [], steps: [] }
  for (const e of effects)
    if ('keep' in e) t.kept.push([`${e.keep} ${e.key}`, new Kept(JSON.stringify(e.body))])
    else if ('forget' in e) t.kept.push([`${e.forget} ${e.key}`, undefined])
    else if (e.record.type === 'command' && !ownId.test(e.record.id)) t.steps.push([e.record.id, e.record.step])
  return t
}

/** The agent's disk: what is kept, as text, and of the journal how each command went. A transaction is atomic. */
export class ModelDisk {
  readonly kept: Map<string, Kept>
  readonly steps: Map<string, readonly CommandStep[]>

  constructor(before?: ModelDisk) {
    this.kept = new Map(before?.kept)
    this.steps = new Map(before?.steps)
  }

  write({ kept, steps }: Transaction) {
    for (const [key, doc] of kept) {
      if (doc) this.kept.set(key, doc)
      else this.kept.delete(key)
    }
    for (const [id, step] of steps) this.steps.set(id, [...(this.steps.get(id) ?? []), step])
  }

  bucket<T = unknown>(name: Bucket): Map<string, T> {
    const found = new Map<string, T>()
    for (const [key, { body }] of this.within(name)) found.set(key, body as T)
    return found
  }

  /** What a starting agent reads: its own, to do with as it likes. */
  load(name: Bucket): Map<string, unknown> {
    const found = new Map<string, unknown>()
    for (const [key, { text }] of this.within(name)) found.set(key, JSON.parse(text))
    return found
  }

  *within(name: Bucket): Generator<[string, Kept]> {
    for (const [key, doc] of this.kept)
      if (key.charCodeAt(name.length) === 32 && key.startsWith(name)) yield [key.slice(name.length + 1), doc]
  }

  text(bucket: Bucket, key: string): string | undefined {
    return this.kept.get(`${bucket} ${key}`)?.text
  }

  read<T>(bucket: Bucket, key: string): T | undefined {
    return this.kept.get(`${bucket} ${key}`)?.body as T | undefined
  }

  /** How a command ended, or nothing while it has not. */
  finals(id: string): CommandStep[] {
    return (this.steps.get(id) ?? []).filter(isFinalStep)
  }
}
