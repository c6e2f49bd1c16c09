/** Fen a unit on a date (YYYY-MM-DD) by the form of an item; undefined where none is said. What is decided ahead holds from its day. */
export const priceOn = (form: Readonly<Record<string, unknown>>, date: string): number | undefined => {
  const { nextFrom, nextPrice, price } = form
  const inForce = typeof nextFrom === 'string' && nextFrom !== '' && nextFrom <= date ? nextPrice : price
  return typeof inForce === 'number' ? inForce : undefined
}
