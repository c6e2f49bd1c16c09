import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'

const folders = ['broker', 'console', 'edge-agent', 'simulators']

/** The sources of the programs, by their paths from the root. */
export const sourceFiles = (root: string): string[] =>
  folders.flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter(e => e.isFile() && /\.(ts|svelte)$/.test(e.name))
      .map(e => relative(root, join(e.parentPath, e.name))),
  )
