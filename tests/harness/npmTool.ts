import { execFile } from 'node:child_process'
import { packageRoot } from '#program/environment'

export type Told = { code: number; out: string; err: string }

/** A tool of the installer, as he starts it. Not in one go: lines to the console that end meanwhile are to be noticed. */
export const npmTool = (name: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Told> =>
  new Promise(done => {
    const options = { cwd: packageRoot, env: { ...process.env, ...env } }
    execFile('npm', ['run', '--silent', name, '--', ...args], options, (error, out, err) =>
      done({ code: Number(error?.code ?? 0), out, err }),
    )
  })
