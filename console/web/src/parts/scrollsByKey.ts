import type { Attachment } from 'svelte/attachments'

/** For a box that scrolls and may hold nothing to stop at: it takes the focus itself, so that the arrow keys move it
 * (WCAG 2.1.1; not every browser does so by itself). */
export const scrollsByKey =
  (label: string): Attachment<HTMLElement> =>
  node => {
    node.tabIndex = 0
    node.setAttribute('aria-label', label)
  }
