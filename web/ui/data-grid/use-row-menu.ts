import { type MouseEvent, useCallback, useRef } from 'react'
import type { GridItem } from './grid-column.ts'

/** One identity for all rows, or scrolling would draw every row again. */
export function useRowMenu<Row>(
  items: readonly GridItem<Row>[],
  onMenu: ((row: Row, at: { x: number; y: number }) => void) | undefined,
  setCurrentId: (id: string) => void,
): (id: string, event: MouseEvent) => void {
  const latest = useRef({ items, onMenu })
  latest.current = { items, onMenu }
  return useCallback(
    (id, event) => {
      const item = latest.current.items.find((one) => one.id === id)
      if (!item || !latest.current.onMenu) return
      event.preventDefault()
      setCurrentId(id)
      latest.current.onMenu(item.row, placeOf(event))
    },
    [setCurrentId],
  )
}

/** A click without a mouse has no place of its own: the menu then opens at the button. */
function placeOf(event: MouseEvent): { x: number; y: number } {
  if (event.type === 'contextmenu' && (event.clientX !== 0 || event.clientY !== 0))
    return { x: event.clientX, y: event.clientY }
  const { left, bottom } = event.currentTarget.getBoundingClientRect()
  return { x: left, y: bottom }
}
