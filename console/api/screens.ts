/** The groups of the navigation, in their order: what is so now, the desk, the plant, the shift, the site. */
export const screenGroups = ['now', 'desk', 'plant', 'shift', 'site'] as const
export type ScreenGroup = (typeof screenGroups)[number]

/** The pictures that a list may have in the navigation. */
export const screenIcons = ['siren', 'clock', 'wrench', 'message', 'heart', 'clipboard', 'users', 'paper'] as const
export type ScreenIcon = (typeof screenIcons)[number]
