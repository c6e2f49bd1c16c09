import type { NeedsOf } from '../../server/engine/chapter.ts'
import { alarmsReturned } from '../../server/engine/needs.ts'
import type { repair } from './definition.ts'

export const needs: NeedsOf<typeof repair> = { 'alarms-returned': alarmsReturned }
