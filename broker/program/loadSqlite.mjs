import { spawnSync } from 'node:child_process'

/**
 * After `npm ci`: sqlite3 brings a binary that may have been built against a newer C library than this machine has (Debian 12), which
 * shows only when it is loaded. It is loaded here, once; where that fails it is compiled on the spot.
 */
const look = "new (require('sqlite3').Database)(':memory:').get('select 1', error => { if (error) throw error })"
const run = (command, args) => spawnSync(command, args, { encoding: 'utf8' })
const fault = () => {
  const { status, stderr } = run(process.execPath, ['-e', look])
  return status === 0 ? '' : (stderr.split('\n').find(line => /^\w*Error\b/.test(line)) ?? stderr)
}

const first = fault()
if (first !== '') {
  process.stdout.write(`sqlite3 does not load here (${first.trim()}): it is being compiled\n`)
  const built = run('npm', ['rebuild', 'sqlite3', '--build-from-source'])
  const second = fault()
  if (second !== '') {
    process.stderr.write(
      `${built.stderr}\nsqlite3 does not load (${second.trim()}): install python3, make and g++, and run npm ci again\n`,
    )
    process.exitCode = 1
  } else process.stdout.write('sqlite3 loads\n')
}
