/** Since when no station has sounded (monotonic ms): a site in which nobody hears an alarm is told of it by another channel (ux.md, pattern 6). */
export const openSoundWatch = (startedAt: number) => {
  let silentSince: number | null = startedAt
  return {
    /** Whether none has sounded for so long; null: this site does not want to know. */
    isSilent(stations: number, mono: number, afterMs: number | null): boolean {
      if (stations > 0) silentSince = null
      else silentSince ??= mono
      return afterMs !== null && silentSince !== null && mono - silentSince >= afterMs
    },
  }
}
