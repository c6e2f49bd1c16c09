import { readdirSync, readFileSync } from 'node:fs'

const tickMs = 10

/** Name, parent and CPU ticks of a process (proc(5)); nothing of one that has just ended. */
const processOf = (pid: string): { pid: number; parent: number; ticks: number } | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const rest = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { pid: Number(pid), parent: Number(rest[1]), ticks: Number(rest[11]) + Number(rest[12]) }
  } catch {
    return undefined
  }
}

/** CPU time of this process and all that it has started, ticks. */
const ours = (): number => {
  const all = readdirSync('/proc').flatMap(name => (/^\d+$/.test(name) ? (processOf(name) ?? []) : []))
  const family = new Set([process.pid])
  for (let grown = true; grown; ) {
    grown = false
    for (const p of all)
      if (family.has(p.parent) && !family.has(p.pid)) {
        family.add(p.pid)
        grown = true
      }
  }
  return all.reduce((sum, p) => sum + (family.has(p.pid) ? p.ticks : 0), 0)
}

/** CPU time of this machine since its start, ticks: given to others by the hypervisor, and used by programs. */
const cpu = () => {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0, steal = 0] = (
    /^cpu +([\d ]+)/.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? ''
  )
    .split(' ')
    .map(Number)
  return { steal, used: user + nice + system + irq + softIrq }
}

/** CPU time that the hypervisor gave to others, ticks: what happens then says nothing of us. */
export const stolen = (): number => cpu().steal

/**
 * What this machine did from a moment on: CPU time that the hypervisor gave to others, and that programs took which are none of
 * ours, ms. What happens then says little of us.
 */
export const loadSince = (): (() => { stolenMs: number; othersMs: number }) => {
  const look = () => {
    const { steal, used } = cpu()
    return { steal, others: used - ours() }
  }
  const before = look()
  return () => {
    const after = look()
    return {
      stolenMs: (after.steal - before.steal) * tickMs,
      othersMs: Math.max(0, after.others - before.others) * tickMs,
    }
  }
}
