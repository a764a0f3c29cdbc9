import type { KeyboardEvent, PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './data-grid.module.css'
import { type GridColumn, WIDTH_MAX, WIDTH_MIN, withWidth } from './grid-column.ts'
import { type ResizeEdgeProps, type Resizing, resizeKit } from './resize-kit.ts'

const STEP_PX = 16

/**
 * The edge of a column's head, to draw it wider or narrower; a double click gives it its first width back. For the mouse: the
 * keyboard has Alt and arrows on the head, and whoever chooses columns can say a number, so that no tab stops are needed.
 */
export function ResizeEdge<Row>({ columns, column, resizing }: ResizeEdgeProps<Row>) {
  const { t } = useTranslation()
  const begin = (event: PointerEvent<HTMLSpanElement>) => {
    if (event.button !== 0) return
    event.preventDefault()
    const edge = event.currentTarget
    const from = event.clientX
    const before = widthOf(edge)
    const sign = getComputedStyle(edge).direction === 'rtl' ? -1 : 1
    let width = before
    edge.setPointerCapture(event.pointerId)
    edge.dataset.drawn = ''
    const draw = ({ clientX }: { clientX: number }) => {
      width = within(before + sign * (clientX - from))
      resizing.onDraw(drawnTo(columns, column, width))
    }
    const stop = (keep: boolean) => {
      edge.removeEventListener('pointermove', draw)
      edge.removeEventListener('pointerup', letGo)
      edge.removeEventListener('pointercancel', giveUp)
      delete edge.dataset.drawn
      if (keep && width !== before) resizing.onResize(column.id, width)
      else resizing.onDraw(columns)
    }
    const letGo = () => stop(true)
    const giveUp = () => stop(false)
    edge.addEventListener('pointermove', draw)
    edge.addEventListener('pointerup', letGo)
    edge.addEventListener('pointercancel', giveUp)
  }
  return (
    <span
      aria-hidden="true"
      title={t('list.resize', { column: column.header })}
      className={styles.edge}
      onPointerDown={begin}
      onDoubleClick={() => resizing.onResize(column.id, null)}
    />
  )
}

/** Alt with Left and Right on the head of a column; Alt with Backspace gives it its first width back. */
export function resizeByKey<Row>(
  event: KeyboardEvent<HTMLElement>,
  columns: readonly GridColumn<Row>[],
  column: GridColumn<Row>,
  { onDraw, onResize }: Resizing<Row>,
): void {
  if (!event.altKey || !['ArrowLeft', 'ArrowRight', 'Backspace'].includes(event.key)) return
  event.preventDefault()
  event.stopPropagation()
  if (event.key === 'Backspace') {
    onResize(column.id, null)
    return
  }
  const isRtl = getComputedStyle(event.currentTarget).direction === 'rtl'
  const isWider = (event.key === 'ArrowRight') !== isRtl
  const width = within(widthOf(event.currentTarget) + (isWider ? STEP_PX : -STEP_PX))
  onDraw(drawnTo(columns, column, width))
  onResize(column.id, width)
}

/** Pixels of the column that something in its head belongs to, as it stands on the screen. */
function widthOf(element: HTMLElement): number {
  return Math.round(element.closest('[role="columnheader"]')?.getBoundingClientRect().width ?? WIDTH_MIN)
}

function within(width: number): number {
  return Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, Math.round(width)))
}

/** A column that was drawn to a width has it, whatever room is left over. */
function drawnTo<Row>(columns: readonly GridColumn<Row>[], column: GridColumn<Row>, width: number): GridColumn<Row>[] {
  return columns.map((one) => (one.id === column.id ? withWidth(one, width) : one))
}

resizeKit.set({ Edge: ResizeEdge, byKey: resizeByKey })
