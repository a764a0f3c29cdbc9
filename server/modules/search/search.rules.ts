/** How well a name answers what was typed, best first: it is it, begins with it, has a word that does, holds it, neither. */
export function rankOf(name: string, typed: string): number {
  if (name === typed) return 0
  if (name.startsWith(typed)) return 1
  const at = name.indexOf(typed)
  if (at < 0) return 4
  return wordsOf(name).some((word) => word.startsWith(typed)) ? 2 : 3
}

/** The first `limit`, best of its names first and, of equals, in the order in which they came; texts are folded. */
export function bestOf<T>(
  found: readonly T[],
  namesOf: (one: T) => readonly string[],
  typed: string,
  limit: number,
): T[] {
  return found
    .map((one, place) => ({ one, place, rank: Math.min(...namesOf(one).map((name) => rankOf(name, typed))) }))
    .sort((a, b) => a.rank - b.rank || a.place - b.place)
    .slice(0, limit)
    .map(({ one }) => one)
}

function wordsOf(name: string): string[] {
  const starts = [...name.matchAll(/(?<![\p{L}\p{N}])[\p{L}\p{N}]/gu)].map(({ index }) => index)
  return starts.map((start) => name.slice(start))
}
