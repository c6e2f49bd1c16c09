import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packageRoot } from '#program/environment'

const house = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'broker', 'console', 'edge-agent', 'simulators', 'dist']
const tool = (name: string) => join(packageRoot, 'node_modules/.bin', name)

/** A copy of the house to which a test adds something, built as ours is. */
export class OwnHouse {
  readonly root = mkdtempSync(join(tmpdir(), 'zhiban-house-'))

  constructor() {
    for (const name of house) cpSync(join(packageRoot, name), join(this.root, name), { recursive: true })
    symlinkSync(join(packageRoot, 'node_modules'), join(this.root, 'node_modules'))
  }

  /** The programs; their pages are those of this tree. Where something is written by hand, its types are to hold. */
  build({ checked }: { checked: boolean }) {
    execFileSync(tool('tsc'), ['-p', 'tsconfig.build.json', ...(checked ? [] : ['--noCheck'])], { cwd: this.root, stdio: 'pipe' })
  }

  buildPages() {
    execFileSync(tool('vite'), ['build', 'console/web', '--logLevel', 'error'], { cwd: this.root, stdio: 'pipe' })
  }

  remove() {
    rmSync(this.root, { recursive: true, force: true })
  }
}
