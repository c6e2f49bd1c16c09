import { z } from 'zod'
import { profileFile } from './profileFile.ts'
import { siteFile } from './site.ts'

/** The site file and the profile file as JSON Schema, by which an editor completes them; what belongs together is `check:site`'s to say. */
export const fileSchemas: Readonly<Record<string, () => unknown>> = {
  'site.schema.json': () => z.toJSONSchema(siteFile, { io: 'input', unrepresentable: 'any' }),
  'profile.schema.json': () => z.toJSONSchema(profileFile, { io: 'input', unrepresentable: 'any' }),
}
