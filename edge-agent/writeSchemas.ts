import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileSchemas } from '#contract/schemas'
import { packageRoot } from '#program/environment'

/** `npm run schemas`: writes the JSON Schemas of site and profile files anew; a test holds what is committed to what the parser takes. */
const folder = join(packageRoot, 'edge-agent', 'schemas')
mkdirSync(folder, { recursive: true })
for (const [name, schema] of Object.entries(fileSchemas))
  writeFileSync(join(folder, name), `${JSON.stringify(schema(), null, 1)}\n`)
