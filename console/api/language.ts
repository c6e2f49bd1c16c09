import { z } from 'zod'
import { codes } from './words/languages.ts'

/** In which language a paper is made. */
export const language = z.enum(codes as [string, ...string[]]).default('zh')
