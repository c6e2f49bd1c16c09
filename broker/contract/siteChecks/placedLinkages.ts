import type { Compartment, Linkage } from '../site.ts'
import type { Path } from '../yamlSource.ts'
import type { SiteFile } from './siteParts.ts'

/** A linkage, where it is written, and in which compartments it counts. `set` when it is written in one. */
export type PlacedLinkage = { linkage: Linkage; path: Path; set?: string; compartments: Compartment[] }

/** Every linkage of the file once, those of sets too. */
export const placedLinkages = (site: SiteFile): PlacedLinkage[] => [
  ...Object.entries(site.linkageSets).flatMap(([set, list]) => {
    const compartments = site.compartments.filter(c => c.include.includes(set))
    return list.map((linkage, k) => ({ linkage, path: ['linkageSets', set, k], set, compartments }))
  }),
  ...site.compartments.flatMap((c, i) =>
    c.linkages.map((linkage, k) => ({ linkage, path: ['compartments', i, 'linkages', k], compartments: [c] })),
  ),
]
