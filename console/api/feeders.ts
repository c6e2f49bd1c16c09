type Fed = { id: string; feeds: readonly string[] }

/** The devices that feed one, by any number of steps, the nearest first; each once, itself not. */
export const feedersOf = (devices: readonly Fed[], device: string): string[] => {
  const chain: string[] = []
  for (let next = [device]; next.length > 0; ) {
    next = devices.filter(d => d.feeds.some(f => next.includes(f)) && d.id !== device && !chain.includes(d.id)).map(d => d.id)
    chain.push(...next)
  }
  return chain
}
