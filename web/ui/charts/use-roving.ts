import { type KeyboardEvent, useRef, useState } from 'react'

/**
 * One stop of the Tab key for a row of links, arrow keys between them: a chart must not put a dozen stops in the way. Begins
 * at the last one. Left and right are those of the page's direction.
 */
export function useRoving(count: number) {
  const [chosen, setChosen] = useState<number | null>(null)
  const links = useRef<(HTMLElement | null)[]>([])
  const current = Math.min(chosen ?? count - 1, count - 1)

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const forward = getComputedStyle(event.currentTarget).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight'
    const backward = forward === 'ArrowRight' ? 'ArrowLeft' : 'ArrowRight'
    const next = { [forward]: current + 1, [backward]: current - 1, Home: 0, End: count - 1 }[event.key]
    if (next === undefined || next < 0 || next >= count) return
    event.preventDefault()
    setChosen(next)
    links.current[next]?.focus()
  }
  return {
    onKeyDown,
    /** For the link at this place. */
    stop: (index: number) => ({
      tabIndex: index === current ? 0 : -1,
      ref: (element: HTMLElement | null) => {
        links.current[index] = element
      },
      onFocus: () => setChosen(index),
    }),
  }
}
