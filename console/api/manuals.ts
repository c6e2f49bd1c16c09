import type { Words } from '#contract/names'

/** The five manuals, each a kind of site. */
export const presets = {
  office: { zh: '写字楼（手册 000）', en: 'Office tower (manual 000)' },
  estate: { zh: '住宅小区（手册 001）', en: 'Estate (manual 001)' },
  residential: { zh: '住宅与大厦（手册 002）', en: 'Residential and tower (manual 002)' },
  butler: { zh: '管家服务（手册 003）', en: 'Butler service (manual 003)' },
  apartments: { zh: '人才公寓（手册 004）', en: 'Talent apartments (manual 004)' },
} as const satisfies Record<string, Words>
export type Preset = keyof typeof presets
export const presetIds = Object.keys(presets) as [Preset, ...Preset[]]
