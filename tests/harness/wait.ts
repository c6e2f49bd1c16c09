/** Waits for a condition, never for a time; between two looks as long as a look takes. Fails with what was last seen. */
export const until = async <T>(
  what: string,
  look: () => Promise<T | undefined | false | null> | T | undefined | false | null,
  limitMs = 60_000,
): Promise<T> => {
  const end = Date.now() + limitMs
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
    await new Promise(done => setTimeout(done, Math.max(50, performance.now() - began)))
  }
}
