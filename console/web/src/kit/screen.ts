import type { Component } from 'svelte'
import type { Right } from '#api/rights'
import type { ScreenGroup } from '#api/screens'
import type { zh } from '#api/words/zh'

/** The pages that every console has, by the first part of their paths (screens.ts says what each of them is). */
export type PageName =
  | 'today'
  | 'overview'
  | 'call'
  | 'alarms'
  | 'devices'
  | 'engineering'
  | 'floor-plans'
  | 'demo'
  | 'registers'
  | 'calendar'
  | 'search'
  | 'settings'
  | 'case'
  | 'form'
  | 'report'
  | 'sheet'
  | 'password'
  | 'staff'
  | 'tenants'
  | 'units'
  | 'things'
  | 'moving-in'
  | 'audit'

/** Who looks, as far as a screen asks. */
export type Viewer = { may(right: Right): boolean; readonly mayRunDemo: boolean }

export type ScreenPicture =
  | 'calendarCheck'
  | 'building'
  | 'phone'
  | 'bell'
  | 'yen'
  | 'cpu'
  | 'network'
  | 'gamepad'
  | 'book'
  | 'calendar'
  | 'search'
  | 'settings'
  | 'idCard'
  | 'keyRound'
  | 'door'
  | 'truck'
  | 'scroll'
  | 'hand'
  | 'megaphone'
  | 'map'
  | 'userCheck'
  | 'flame'

/** A page: its words stand in the dictionaries under `nav`, beside its name here. What has no group is reached from where it is needed. */
export type Screen = {
  load: () => Promise<{ default: Component }>
  words: keyof typeof zh.nav
  group?: ScreenGroup
  icon?: ScreenPicture
  /** After the lists of the procedures of its group. */
  last?: true
  /** Among all pages, but not always in sight. */
  rare?: true
  /** One of the site's own lists, which stand side by side in this order: people, tenants, units, prices, days. */
  master?: number
  /** Everybody's when left out. */
  show?: (who: Viewer) => boolean
}
