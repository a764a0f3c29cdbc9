// biome-ignore-all lint/a11y/useSemanticElements: rows are placed one by one, which the layout of a table element does not allow
import { type Range, useVirtualizer } from '@tanstack/react-virtual'
import {
  type CSSProperties,
  memo,
  type ReactNode,
  type RefObject,
  startTransition,
  useCallback,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react'
import { useTranslation } from 'react-i18next'
import styles from './data-grid.module.css'
import { type Edges, type GridColumn, type GridDetail, type GridItem, gridTemplate } from './grid-column.ts'
import { GridHeader } from './grid-header.tsx'
import { GridRow } from './grid-row.tsx'
import { isRowSelected } from './grid-selection.ts'
import type { Resizing } from './resize-kit.ts'
import { rowSlots } from './row-slots.ts'
import { useAnchoredRows } from './use-anchored-rows.ts'
import { onGridKey } from './use-grid-keys.ts'
import { useRowMenu } from './use-row-menu.ts'
import { isAnyChosen, type Selecting, useSelecting } from './use-selecting.ts'

export const ROW_HEIGHT = 38
const MENU_WIDTH = 36
const SELECT_WIDTH = 32
/** Room below the last row for what floats over the end of the list while rows are chosen. */
const FLOATING_HEIGHT = 64
/** Loading begins so many rows before the last loaded one, so that scrolling does not catch up with it. */
const LOOK_AHEAD_ROWS = 1_200

type ScrollDirection = 'forward' | 'backward'

export type DataGridProps<Row> = {
  /** Of the whole list, for those who do not see it. */
  label: string
  /** Of one identity while nothing about them changes. */
  columns: readonly GridColumn<Row>[]
  rows: readonly Row[]
  rowId: (row: Row) => string
  /** Rows in all, loaded or not; null: not known. */
  total: number | null
  sort?: string | undefined
  onSort?: ((sort: string) => void) | undefined
  /** Pixels, or null: as wide as it was at first. Left out: widths stay as they are. */
  onResize?: ((columnId: string, width: number | null) => void) | undefined
  /** The row whose panel is open. */
  openRowId?: string | undefined
  onOpen: (rowId: string, how: 'click' | 'enter' | 'arrow') => void
  onClose?: (() => void) | undefined
  isMarked?: (row: Row) => boolean
  detail?: GridDetail<Row>
  onMenu?: (row: Row, at: { x: number; y: number }) => void
  /** Left out: rows cannot be chosen. */
  selecting?: Selecting<Row>
  hasMore?: boolean
  onNearEnd?: () => void
  /** To put the focus back into the list. */
  gridRef?: RefObject<HTMLDivElement | null>
  /** Shown instead of rows. */
  empty?: ReactNode
}

function DataGridView<Row>(props: DataGridProps<Row>) {
  const { columns, rows, rowId, openRowId, onOpen, detail, hasMore = false, onNearEnd, selecting } = props
  const { t } = useTranslation()
  const gridId = useId()
  const own = useRef<HTMLDivElement>(null)
  const scroller = props.gridRef ?? own
  const [currentId, setCurrentId] = useState<string | undefined>(openRowId)
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set())
  const items = useMemo(() => rows.map((row): GridItem<Row> => ({ id: rowId(row), row })), [rows, rowId])

  const heightOf = (index: number) => {
    const item = items[index]
    if (!item || !detail || !expanded.has(item.id)) return ROW_HEIGHT
    return ROW_HEIGHT + detail.height(item.row)
  }
  const direction = useRef<ScrollDirection>('forward')
  const isSettled = useIsSettled(items[0]?.id)
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: heightOf,
    getItemKey: (index) => items[index]?.id ?? index,
    // At the top of another list, first of all what is on the screen.
    rangeExtractor: (range) =>
      isSettled || range.startIndex > 0 ? withRowsAhead(range, direction.current) : withRowsAhead(range, null),
    paddingEnd: selecting && isAnyChosen(selecting.value) ? FLOATING_HEIGHT : 0,
  })
  direction.current = virtualizer.scrollDirection ?? 'forward'
  // biome-ignore lint/correctness/useExhaustiveDependencies: heights follow from what is expanded and from the rows
  useEffect(() => virtualizer.measure(), [expanded, items])
  useAnchoredRows(scroller, items, virtualizer, heightOf)

  const current = currentId === undefined ? -1 : items.findIndex((item) => item.id === currentId)
  const currentElementId = current < 0 ? undefined : `${gridId}-${currentId}`
  const drawn = virtualizer.getVirtualItems()
  const slots = useRef<ReadonlyMap<string, number>>(new Map())
  slots.current = rowSlots(
    slots.current,
    drawn.map(({ key }) => String(key)),
  )
  const lastShown = drawn.at(-1)?.index ?? 0
  useEffect(() => {
    // First of all what is there comes on the screen.
    if (hasMore && isSettled && lastShown > items.length - LOOK_AHEAD_ROWS) onNearEnd?.()
  }, [hasMore, isSettled, lastShown, items, onNearEnd])
  useEffect(() => {
    if (openRowId !== undefined) setCurrentId(openRowId)
  }, [openRowId])

  const setOpen = useCallback((id: string, isOpen: boolean | 'toggle') => {
    setExpanded((before) => {
      const after = new Set(before)
      if (isOpen === true || (isOpen === 'toggle' && !before.has(id))) after.add(id)
      else after.delete(id)
      return after
    })
  }, [])
  const onToggle = useCallback((id: string) => setOpen(id, 'toggle'), [setOpen])
  const select = useSelecting(items, selecting)
  const onClick = useCallback(
    (id: string, how: { range: boolean; toggle: boolean }) => {
      setCurrentId(id)
      if (select && how.range) select.extendTo(id)
      else if (select && how.toggle) select.toggle(id)
      else onOpen(id, 'click')
    },
    [onOpen, select],
  )
  const onSelect = useCallback(
    (id: string, isRange: boolean) => {
      setCurrentId(id)
      if (isRange) select?.extendTo(id)
      else select?.toggle(id)
    },
    [select],
  )
  const { onMenu } = props
  const onContextMenu = useRowMenu(items, onMenu, setCurrentId)

  const goTo = (index: number, how: 'arrow' | 'jump' | 'extend') => {
    const item = items[index]
    if (!item) return
    if (how === 'extend') select?.extendTo(item.id, currentId)
    setCurrentId(item.id)
    virtualizer.scrollToIndex(index, { align: 'auto' })
    if (openRowId !== undefined && how === 'arrow') onOpen(item.id, 'arrow')
  }

  const { onResize } = props
  const isSelectable = selecting !== undefined
  const hasMenu = onMenu !== undefined
  const edges = useMemo(
    () => ({ before: isSelectable ? SELECT_WIDTH : 0, after: hasMenu ? MENU_WIDTH : 0 }),
    [isSelectable, hasMenu],
  )
  const layout = useMemo(() => layoutOf(columns, edges), [columns, edges])
  const resizing = useMemo<Resizing<Row> | undefined>(
    () =>
      onResize && {
        // While one draws only the grid's own line of CSS changes: no row is drawn again before it is let go.
        onDraw: (columns) => setLayout(scroller.current, columns, edges),
        onResize,
      },
    [onResize, edges, scroller],
  )

  // A grid must have rows: without any there is only the word for it.
  if (items.length === 0) return <div className={styles.grid}>{props.empty}</div>

  const menuLabel = onMenu ? t('list.rowMenu') : null
  return (
    <div
      ref={scroller}
      role="treegrid"
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={props.total === null ? -1 : props.total + 1}
      aria-colcount={columns.length + (onMenu ? 1 : 0) + (selecting ? 1 : 0)}
      {...(selecting && { 'aria-multiselectable': true })}
      aria-activedescendant={currentElementId}
      className={styles.grid}
      style={layout as CSSProperties}
      onFocus={(event) => {
        const first = items[drawn[0]?.index ?? 0]
        if (event.target === event.currentTarget && current < 0 && first) setCurrentId(first.id)
      }}
      onKeyDown={(event) =>
        onGridKey(event, {
          count: items.length,
          current,
          perPage: () => Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT) - 2),
          goTo,
          open: () => currentId !== undefined && onOpen(currentId, 'enter'),
          close: props.onClose ?? (selecting && isAnyChosen(selecting.value) ? select?.clear : undefined),
          select: select && {
            current: (isRange) => {
              if (currentId === undefined) return
              if (isRange) select.extendTo(currentId)
              else select.toggle(currentId)
            },
            all: select.all,
          },
          expand: (isOpen) => currentId !== undefined && setOpen(currentId, isOpen),
          menu: () => {
            const box = document.getElementById(currentElementId ?? '')?.getBoundingClientRect()
            const item = items[current]
            if (box && item) onMenu?.(item.row, { x: box.left + 48, y: box.bottom })
          },
        })
      }
    >
      <GridHeader
        columns={columns}
        sort={props.sort}
        onSort={props.onSort}
        resizing={resizing}
        menuLabel={menuLabel}
        selecting={selecting}
        onSelectAll={select?.toggleAll}
      />
      <div role="rowgroup" className={styles.body} style={{ height: virtualizer.getTotalSize() }}>
        {drawn.map((place) => {
          const item = items[place.index]
          if (!item) return null
          return (
            <GridRow
              key={slots.current.get(String(place.key))}
              row={item.row}
              rowId={item.id}
              columns={columns}
              index={place.index}
              start={place.start}
              height={place.size}
              elementId={`${gridId}-${item.id}`}
              isCurrent={item.id === currentId}
              isOpen={item.id === openRowId}
              isExpanded={expanded.has(item.id)}
              isMarked={props.isMarked?.(item.row) ?? false}
              detail={detail}
              onClick={onClick}
              onToggle={onToggle}
              onContextMenu={onContextMenu}
              menuLabel={menuLabel}
              selectLabel={selecting?.rowLabel}
              isSelected={selecting ? isRowSelected(selecting.value, item.id) : false}
              onSelect={onSelect}
            />
          )
        })}
      </div>
    </div>
  )
}

/**
 * A list of any length: only what is on the screen is drawn. One tab stop; arrows walk, Enter opens, Escape closes,
 * Right and Left open and close what is below a row, Shift+F10 opens the menu of a row. Where rows can be chosen, Space does
 * it, Shift draws a range with arrows and clicks, Ctrl+A takes the whole list, Escape gives it up.
 */
export const DataGrid = memo(DataGridView) as typeof DataGridView

type Layout = { '--grid-columns': string; '--grid-width': string }

function layoutOf<Row>(columns: readonly GridColumn<Row>[], edges: Edges): Layout {
  const width = columns.reduce((sum, column) => sum + column.width, edges.before + edges.after) + 4
  return { '--grid-columns': gridTemplate(columns, edges), '--grid-width': `${width}px` }
}

function setLayout<Row>(grid: HTMLElement | null, columns: readonly GridColumn<Row>[], edges: Edges): void {
  for (const [name, value] of Object.entries(layoutOf(columns, edges))) grid?.style.setProperty(name, value)
}

/** Rows that are drawn beyond the screen: many where one is going to, few where one comes from. */
const ROWS_AHEAD = 28
const ROWS_BEHIND = 6

function withRowsAhead({ startIndex, endIndex, count }: Range, direction: ScrollDirection | null): number[] {
  const ahead = direction === null ? 0 : ROWS_AHEAD
  const [before, after] = direction === 'backward' ? [ahead, ROWS_BEHIND] : [ROWS_BEHIND, ahead]
  const from = Math.max(0, startIndex - before)
  const to = Math.min(count - 1, endIndex + after)
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)
}

/** Whether a list that begins with this row has been on the screen for a frame. */
function useIsSettled(firstRowId: string | undefined): boolean {
  const [settledId, setSettledId] = useState<string>()
  useEffect(() => {
    const frame = requestAnimationFrame(() => startTransition(() => setSettledId(firstRowId)))
    return () => cancelAnimationFrame(frame)
  }, [firstRowId])
  return settledId === firstRowId
}
