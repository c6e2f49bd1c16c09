/** One after the other: what is read from the books later is sent later, so that no screen ends on an older state. */
export const inTurn = (failed: (error: unknown) => void) => {
  let last: Promise<void> = Promise.resolve()
  return (act: () => Promise<void>): Promise<void> => {
    last = last.then(act).catch(failed)
    return last
  }
}

/** One after the other for each person, so that nobody's screens keep those of others waiting. */
export const perPerson = () => {
  const last = new Map<string, Promise<unknown>>()
  return <R>(person: string, act: () => Promise<R>): Promise<R> => {
    const mine = (last.get(person) ?? Promise.resolve()).then(act)
    const done = mine
      .catch(() => {})
      .then(() => {
        if (last.get(person) === done) last.delete(person)
      })
    last.set(person, done)
    return mine
  }
}
