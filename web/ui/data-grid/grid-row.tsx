// biome-ignore-all lint/a11y/useSemanticElements: rows are placed one by one, which the layout of a table element does not allow
import { ChevronDownRegular } from '@fluentui/react-icons/svg/chevron-down'
import { ChevronRightRegular } from '@fluentui/react-icons/svg/chevron-right'
import { MoreHorizontalRegular } from '@fluentui/react-icons/svg/more-horizontal'
import { flexRender, type RowData, type Row as TableRow } from '@tanstack/react-table'
import { type MouseEvent, memo, type ReactNode } from 'react'
import styles from './data-grid.module.css'
import type { GridColumn, GridDetail } from './grid-column.ts'
import type { features } from './table-features.ts'

export type GridRowProps<Row extends RowData> = {
  row: TableRow<typeof features, Row>
  /** Other ones make the row draw its cells anew: to the table it is the same row. */
  columns: readonly GridColumn<Row>[]
  index: number
  start: number
  height: number
  elementId: string
  isCurrent: boolean
  isOpen: boolean
  isExpanded: boolean
  isMarked: boolean
  detail: GridDetail<Row> | undefined
  onClick: (rowId: string, how: { range: boolean; toggle: boolean }) => void
  onToggle: (rowId: string) => void
  onContextMenu: (rowId: string, event: MouseEvent) => void
  /** Name of the menu button; null: rows have no menu. */
  menuLabel: string | null
  /** Name of the box that chooses the row; left out: rows cannot be chosen. */
  selectLabel: ((row: Row) => string) | undefined
  isSelected: boolean
  onSelect: (rowId: string, isRange: boolean) => void
}

function GridRowView<Row extends RowData>(props: GridRowProps<Row>) {
  const { row, index, start, height, elementId, isCurrent, isOpen, isExpanded, isMarked, detail } = props
  const isSelectable = props.selectLabel !== undefined
  const canExpand = detail !== undefined && detail.height(row.original) > 0
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and names the current row
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles all keys
    <div
      role="row"
      id={elementId}
      aria-rowindex={index + 2}
      aria-level={1}
      aria-selected={isSelectable ? props.isSelected : isOpen}
      {...(isSelectable && isOpen && { 'aria-current': true })}
      {...(canExpand && { 'aria-expanded': isExpanded })}
      className={styles.row}
      data-current={isCurrent || undefined}
      data-open={isOpen || undefined}
      data-selected={props.isSelected || undefined}
      data-marked={isMarked || undefined}
      style={{ height, transform: `translateY(${start}px)` }}
      // A range is drawn over rows, not over their texts.
      onMouseDown={isSelectable ? (event) => event.shiftKey && event.preventDefault() : undefined}
      onClick={({ shiftKey, ctrlKey, metaKey }) =>
        props.onClick(row.id, { range: shiftKey, toggle: ctrlKey || metaKey })
      }
      onContextMenu={(event) => props.onContextMenu(row.id, event)}
    >
      <div role="none" className={styles.line}>
        {props.selectLabel && <SelectBox {...props} label={props.selectLabel(row.original)} />}
        {row.getAllCells().map((cell, column) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and names the current row
          <div
            key={cell.id}
            role="gridcell"
            className={`${styles.cell} ${cell.column.columnDef.meta?.align === 'end' ? styles.end : ''}`}
          >
            {column === 0 && detail && <Toggle {...props} label={canExpand ? detail.label(row.original) : null} />}
            {
              flexRender(cell.column.columnDef.cell, {
                ...cell.getContext(),
                tabIndex: isCurrent ? 0 : -1,
              }) as ReactNode
            }
          </div>
        ))}
        {props.menuLabel !== null && <MenuButton {...props} label={props.menuLabel} />}
      </div>
      {isExpanded && canExpand && (
        // biome-ignore lint/a11y/useFocusableInteractive: read, not used
        <div role="gridcell" aria-colspan={row.getAllCells().length + (isSelectable ? 1 : 0)} className={styles.detail}>
          {detail.render(row.original)}
        </div>
      )}
    </div>
  )
}

/** For the mouse: the keyboard has Space, so that rows need no further tab stops. */
function SelectBox<Row extends RowData>({ row, isSelected, label, onSelect }: GridRowProps<Row> & { label: string }) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and names the current row
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles all keys
    <div
      role="gridcell"
      className={styles.select}
      onMouseDown={keepFocusInGrid}
      onClick={(event) => {
        event.stopPropagation()
        onSelect(row.id, event.shiftKey)
      }}
    >
      <input type="checkbox" tabIndex={-1} aria-label={label} checked={isSelected} onChange={changedByCell} />
    </div>
  )
}

/** A box that has the focus would lose it when its row is scrolled away. */
function keepFocusInGrid(event: MouseEvent): void {
  event.preventDefault()
  event.currentTarget.closest<HTMLElement>('[role="treegrid"]')?.focus({ preventScroll: true })
}

const changedByCell = () => undefined

function MenuButton<Row extends RowData>({
  row,
  isCurrent,
  label,
  onContextMenu,
}: GridRowProps<Row> & { label: string }) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and names the current row
    <div role="gridcell" className={`${styles.cell} ${styles.menu}`}>
      <button
        type="button"
        className={styles.toggle}
        aria-label={label}
        aria-haspopup="menu"
        tabIndex={isCurrent ? 0 : -1}
        onClick={(event) => {
          event.stopPropagation()
          onContextMenu(row.id, event)
        }}
      >
        <MoreHorizontalRegular />
      </button>
    </div>
  )
}

function Toggle<Row extends RowData>({
  row,
  isExpanded,
  isCurrent,
  label,
  onToggle,
}: GridRowProps<Row> & { label: string | null }) {
  if (label === null) return <span className={styles.noToggle} />
  return (
    <button
      type="button"
      className={styles.toggle}
      aria-label={label}
      aria-expanded={isExpanded}
      tabIndex={isCurrent ? 0 : -1}
      onClick={(event) => {
        event.stopPropagation()
        onToggle(row.id)
      }}
    >
      {isExpanded ? <ChevronDownRegular /> : <ChevronRightRegular />}
    </button>
  )
}

/** Drawn again only when something of this row changes: scrolling moves the others without touching it. */
export const GridRow = memo(GridRowView) as typeof GridRowView
