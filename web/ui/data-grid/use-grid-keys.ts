import type { KeyboardEvent } from 'react'

export type GridKeysOptions = {
  count: number
  current: number
  /** Rows that fit on the screen. */
  perPage: () => number
  goTo: (index: number, how: 'arrow' | 'jump' | 'extend') => void
  open: () => void
  close: (() => void) | undefined
  /** Left out: rows cannot be chosen. */
  select: { current: (isRange: boolean) => void; all: () => void } | undefined
  expand: (open: boolean) => void
  menu: () => void
}

/** Keys of the whole grid: arrows, Page Up and Down, Home, End, Enter, Escape, the menu key, and those that choose rows. */
export function onGridKey(event: KeyboardEvent, options: GridKeysOptions): void {
  // Keys on a button or link inside are for that; Escape and arrows still are ours.
  const isInside = event.target !== event.currentTarget
  const action = actionOf(event, options, isInside)
  if (!action) return
  event.preventDefault()
  event.stopPropagation()
  action()
}

function actionOf(event: KeyboardEvent, options: GridKeysOptions, isInside: boolean): (() => void) | undefined {
  const { count, current, goTo, perPage, select } = options
  if (count === 0 || event.altKey) return undefined
  if ((event.ctrlKey || event.metaKey) && event.key === 'a') return isInside ? undefined : select?.all
  if (event.metaKey) return undefined
  const isRange = event.shiftKey && select !== undefined
  const to =
    (index: number, how: 'arrow' | 'jump' = 'jump') =>
    () =>
      goTo(Math.min(count - 1, Math.max(0, index)), isRange ? 'extend' : how)
  switch (event.key) {
    case 'ArrowDown':
      return to(current + 1, 'arrow')
    case 'ArrowUp':
      return to(current < 0 ? 0 : current - 1, 'arrow')
    case 'PageDown':
      return to(current + perPage())
    case 'PageUp':
      return to(current - perPage())
    case 'Home':
      return to(0)
    case 'End':
      return to(count - 1)
    case 'ArrowRight':
      return current < 0 ? undefined : () => options.expand(true)
    case 'ArrowLeft':
      return current < 0 ? undefined : () => options.expand(false)
    case 'Enter':
      return current < 0 || isInside ? undefined : options.open
    case ' ':
      return current < 0 || isInside || !select ? undefined : () => select.current(isRange)
    case 'Escape':
      return options.close
    case 'ContextMenu':
      return current < 0 ? undefined : options.menu
    case 'F10':
      return event.shiftKey && current >= 0 ? options.menu : undefined
    default:
      return undefined
  }
}
