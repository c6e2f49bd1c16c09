/** Where something stands in a value: keys of mappings and positions in lists. */
export type Place = (string | number)[]
export type Tree = { [key: string]: unknown } | unknown[]

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null
const isEmpty = (value: Tree) => Object.keys(value).length === 0

/**
 * A value as YAML with one thing on each line, and the line of each: written by nobody's YAML library, so that the lines are
 * not taken from what they check. What begins with a dash or a key begins on the line of its first thing.
 */
export const yamlLines = (value: Tree): { text: string; lineOf(place: Place): number } => {
  const lines: string[] = []
  const at = new Map<string, number>()
  const write = (node: Tree, place: Place, indent: string) => {
    for (const [name, child] of Object.entries(node)) {
      if (child === undefined) continue
      const own = [...place, Array.isArray(node) ? Number(name) : name]
      const head = `${indent}${Array.isArray(node) ? '-' : `${JSON.stringify(name)}:`}`
      const isBlock = isTree(child) && !isEmpty(child)
      lines.push(isBlock ? head : `${head} ${JSON.stringify(child)}`)
      at.set(own.join('.'), lines.length + (isBlock ? 1 : 0))
      if (isBlock) write(child, own, `${indent}  `)
    }
  }
  write(value, [], '')
  // What is missing is missing where it would belong.
  const lineOf = (place: Place): number => at.get(place.join('.')) ?? (place.length > 1 ? lineOf(place.slice(0, -1)) : 1)
  return { text: `${lines.join('\n')}\n`, lineOf }
}
