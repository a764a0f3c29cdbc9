import type { Virtualizer } from '@tanstack/react-virtual'
import { type RefObject, useLayoutEffect, useRef } from 'react'

/**
 * Keeps what one is reading where it is when rows come or go above it. At the very top new rows push the others down,
 * because there one waits for them.
 */
export function useAnchoredRows(
  scroller: RefObject<HTMLDivElement | null>,
  rows: readonly { id: string }[],
  virtualizer: Virtualizer<HTMLDivElement, Element>,
  heightOf: (index: number) => number,
): void {
  const anchor = useRef<{ id: string; index: number } | null>(null)
  const before = useRef(rows)
  useLayoutEffect(() => {
    // The virtualizer knows the offset; asking the element would make the browser lay everything out at once.
    const offset = virtualizer.scrollOffset ?? 0
    if (rows !== before.current && anchor.current && offset > 0 && scroller.current) {
      const { id, index } = anchor.current
      const moved = rows[index]?.id === id ? index : rows.findIndex((row) => row.id === id)
      if (moved >= 0 && moved !== index) {
        let distance = 0
        for (let at = Math.min(moved, index); at < Math.max(moved, index); at++) distance += heightOf(at)
        scroller.current.scrollTop += moved > index ? distance : -distance
      }
    }
    before.current = rows
    const top = virtualizer.getVirtualItemForOffset(offset)?.index
    const row = top === undefined ? undefined : rows[top]
    anchor.current = top === undefined || !row ? null : { id: row.id, index: top }
  })
}
