import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { packageRoot } from '#program/environment'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zhiban-load-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** An installation with a sqlite3 that loads only once it has been built here, which `build` may do. */
const installed = (build: string) => {
  const home = join(folder, 'node_modules', 'sqlite3')
  mkdirSync(home, { recursive: true })
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'x', version: '1.0.0', dependencies: { sqlite3: '1.0.0' }, allowScripts: { sqlite3: true } }),
  )
  writeFileSync(join(home, 'package.json'), JSON.stringify({ name: 'sqlite3', version: '1.0.0', scripts: { install: build } }))
  writeFileSync(
    join(home, 'index.js'),
    `if (!require('fs').existsSync(require('path').join(__dirname, 'built'))) throw new Error("version 'GLIBC_2.38' not found")
exports.Database = class { get(_sql, done) { done(null) } }`,
  )
}
const run = () =>
  spawnSync(process.execPath, [join(packageRoot, 'broker/program/loadSqlite.mjs')], { cwd: folder, encoding: 'utf8' })

it('a binary that does not load on this machine is compiled, and this is said', () => {
  installed("node -e \"require('fs').writeFileSync('built', '')\"")
  const { status, stdout } = run()
  expect(stdout).toContain("GLIBC_2.38' not found): it is being compiled")
  expect(stdout).toContain('sqlite3 loads')
  expect(status).toBe(0)
  expect(run().stdout).toBe('')
})

it('where it cannot be compiled the installation fails, with what to install', () => {
  installed('node -e "process.exit(1)"')
  const { status, stderr } = run()
  expect(status).toBe(1)
  expect(stderr).toContain('install python3, make and g++, and run npm ci again')
})
