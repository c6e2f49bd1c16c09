/** What fits into one message with room to spare: many readers, and brokers of other makes, take less than our own limit. */
const pageBytes = 200_000
const pageItems = 400

/** Cuts a list without bounds into pages that a message can carry; an empty list is one empty page. */
export const inPages = <T>(items: readonly T[], textOf: (item: T) => string): T[][] => {
  const pages: T[][] = [[]]
  let bytes = 0
  for (const item of items) {
    const size = Buffer.byteLength(textOf(item)) + 1
    const page = pages.at(-1)
    if (page && page.length > 0 && (bytes + size > pageBytes || page.length >= pageItems)) {
      pages.push([item])
      bytes = size
    } else {
      page?.push(item)
      bytes += size
    }
  }
  return pages
}
