/**
 * Gives each drawn row a place in the document that it keeps, and the place of a row that has gone to one that comes: another
 * list then changes texts and makes no elements. `before` is what the last call returned.
 */
export function rowSlots(before: ReadonlyMap<string, number>, ids: readonly string[]): Map<string, number> {
  const shown = new Set(ids)
  const free: number[] = []
  let next = 0
  for (const [id, slot] of before) {
    if (!shown.has(id)) free.push(slot)
    next = Math.max(next, slot + 1)
  }
  free.reverse()
  return new Map(ids.map((id) => [id, before.get(id) ?? free.pop() ?? next++]))
}
