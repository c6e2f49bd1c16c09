/** What has been waited for a while is looked at less often: looks are paid by the programs that are waited for. */
const longestPauseMs = 250

/** Waits for a condition, never for a time; between two looks at least as long as a look takes. Fails with what was last seen. */
export const until = async <T>(
  what: string,
  look: () => Promise<T | undefined | false | null> | T | undefined | false | null,
  limitMs = 120_000,
): Promise<T> => {
  const start = Date.now()
  const end = start + limitMs
  let last: unknown
  for (;;) {
    const began = performance.now()
    try {
      const seen = await look()
      if (seen) return seen
      last = seen
    } catch (error) {
      last = error
    }
    if (Date.now() > end)
      throw new Error(`waited ${limitMs} ms for: ${what} (last: ${last instanceof Error ? last.message : JSON.stringify(last)})`)
    const pause = Math.min(longestPauseMs, Math.max(50, (Date.now() - start) / 10))
    await new Promise(done => setTimeout(done, Math.max(pause, performance.now() - began)))
  }
}
