/** One after the other: what is read from the books later is sent later, so that no screen ends on an older state. */
export const inTurn = (failed: (error: unknown) => void) => {
  let last: Promise<void> = Promise.resolve()
  return (act: () => Promise<void>): Promise<void> => {
    last = last.then(act).catch(failed)
    return last
  }
}
