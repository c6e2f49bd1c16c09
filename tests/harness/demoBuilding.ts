import { readEnvironment } from '#program/environment'
import { readCatalogue, readSite } from '#program/siteFiles'

const environment = readEnvironment({})
/** The demo's files, read once for all tests of a worker: it takes half a second, and nobody changes them. */
export const catalogue = readCatalogue(environment.ZHIBAN_PROFILES)
export const demoSite = readSite(environment.ZHIBAN_SITE, catalogue)
