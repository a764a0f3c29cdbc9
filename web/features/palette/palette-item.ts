import type { ReactElement } from 'react'

export type PaletteKind = 'leads' | 'tenants' | 'channels' | 'pages' | 'actions'

/** One line of the search: what it says, and what Enter does. */
export type PaletteItem = {
  kind: PaletteKind
  /** Of its kind, and the same next time. */
  id: string
  label: string
  detail?: string
  icon: ReactElement
  run: () => void
  /** Left out of what is remembered as recent. */
  isPassing?: true
}

/** Pages and actions whose words hold what was typed, those that begin with it first. */
export function matching<T extends { label: string }>(items: readonly T[], typed: string): T[] {
  const wanted = typed.trim().toLocaleLowerCase()
  const placeOf = ({ label }: T) => {
    const text = label.toLocaleLowerCase()
    if (text.startsWith(wanted)) return 0
    if (text.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(wanted))) return 1
    return text.includes(wanted) ? 2 : 3
  }
  return items
    .map((item, at) => ({ item, at, place: placeOf(item) }))
    .filter(({ place }) => place < 3)
    .sort((a, b) => a.place - b.place || a.at - b.at)
    .map(({ item }) => item)
}

/** The text before, in and after the first place where `typed` stands in it. */
export function partsOf(text: string, typed: string): [before: string, match: string, after: string] {
  const wanted = typed.trim().toLocaleLowerCase()
  const folded = text.toLocaleLowerCase()
  // Letters whose small form is longer would move the place.
  const at = wanted === '' || folded.length !== text.length ? -1 : folded.indexOf(wanted)
  if (at < 0) return [text, '', '']
  return [text.slice(0, at), text.slice(at, at + wanted.length), text.slice(at + wanted.length)]
}
