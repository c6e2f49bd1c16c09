import { fork } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { nextWait, Supervisor } from '../../simulators/supervisor.ts'
import { until } from '../harness/wait.ts'

const folder = mkdtempSync(join(tmpdir(), 'zhiban-supervisor-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const program = (name: string, text: string) => {
  const file = join(folder, `${name}.mjs`)
  writeFileSync(file, text)
  return file
}
const lives = "process.send({ pid: process.pid }); process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000)"
const files: Record<string, string> = {
  lives: program('lives', lives),
  other: program('other', lives),
  never: program('never', 'process.exit(2)'),
}
const running = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

it('a program that dies is started again and this is said, the others go on, and a stop ends them all', async () => {
  const said: string[] = []
  const pids: number[] = []
  const supervisor = new Supervisor({
    fork(name) {
      const child = fork(files[name] ?? '', { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
      pids.push(child.pid ?? 0)
      return child
    },
    say: text => said.push(text),
    waits: { firstMs: 10, longestMs: 40 },
  })
  const first = await supervisor.start('lives')
  const second = await supervisor.start('other')
  process.kill(Number(first['pid']), 'SIGKILL')
  await until('it to run again', () => said.includes('lives is running again'))
  expect(said[0]).toBe('lives ended with SIGKILL; it is started again in 1 s')
  expect([pids.length, running(Number(second['pid']))]).toEqual([3, true])
  process.kill(pids[2] ?? 0, 'SIGKILL')
  await until('it to run once more', () => said.filter(t => t === 'lives is running again').length === 2)
  await supervisor.stop()
  expect(pids.filter(running)).toEqual([])
})

it('a program that never was ready is not tried again: its start is refused with its code', async () => {
  const supervisor = new Supervisor({
    fork: name => fork(files[name] ?? '', { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
    say: () => {},
  })
  await expect(supervisor.start('never')).rejects.toMatchObject({ exitCode: 2, message: 'never ended with code 2' })
})

it('who dies again and again is waited for longer each time, and not for ever', () => {
  const waits: number[] = []
  for (let i = 0; i < 8; i++) waits.push(nextWait(100, waits.at(-1)))
  expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
  expect(nextWait(60_000, 30_000)).toBe(1000)
})
