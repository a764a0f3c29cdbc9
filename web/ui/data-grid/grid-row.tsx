// biome-ignore-all lint/a11y/useSemanticElements: rows are placed one by one, which the layout of a table element does not allow
import { ChevronDownRegular } from '@fluentui/react-icons/svg/chevron-down'
import { ChevronRightRegular } from '@fluentui/react-icons/svg/chevron-right'
import { MoreHorizontalRegular } from '@fluentui/react-icons/svg/more-horizontal'
import { type MouseEvent, memo } from 'react'
import styles from './data-grid.module.css'
import type { GridColumn, GridDetail } from './grid-column.ts'

export type GridRowProps<Row> = {
  row: Row
  rowId: string
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

function GridRowView<Row>(props: GridRowProps<Row>) {
  const { row, rowId, columns, index, start, height, elementId, isCurrent, isOpen, isExpanded, isMarked, detail } =
    props
  const isSelectable = props.selectLabel !== undefined
  const canExpand = detail !== undefined && detail.height(row) > 0
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
        props.onClick(rowId, { range: shiftKey, toggle: ctrlKey || metaKey })
      }
      onContextMenu={(event) => props.onContextMenu(rowId, event)}
    >
      <div role="none" className={styles.line}>
        {props.selectLabel && <SelectBox {...props} label={props.selectLabel(row)} />}
        {columns.map(({ id, align, cell }, at) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and names the current row
          <div key={id} role="gridcell" className={`${styles.cell} ${align === 'end' ? styles.end : ''}`}>
            {at === 0 && detail && <Toggle {...props} label={canExpand ? detail.label(row) : null} />}
            {cell(row, { tabIndex: isCurrent ? 0 : -1 })}
          </div>
        ))}
        {props.menuLabel !== null && <MenuButton {...props} label={props.menuLabel} />}
      </div>
      {isExpanded && canExpand && (
        // biome-ignore lint/a11y/useFocusableInteractive: read, not used
        <div role="gridcell" aria-colspan={columns.length + (isSelectable ? 1 : 0)} className={styles.detail}>
          {detail.render(row)}
        </div>
      )}
    </div>
  )
}

/** For the mouse: the keyboard has Space, so that rows need no further tab stops. */
function SelectBox<Row>({ rowId, isSelected, label, onSelect }: GridRowProps<Row> & { label: string }) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and names the current row
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles all keys
    <div
      role="gridcell"
      className={styles.select}
      onMouseDown={keepFocusInGrid}
      onClick={(event) => {
        event.stopPropagation()
        onSelect(rowId, event.shiftKey)
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

function MenuButton<Row>({ rowId, isCurrent, label, onContextMenu }: GridRowProps<Row> & { label: string }) {
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
          onContextMenu(rowId, event)
        }}
      >
        <MoreHorizontalRegular />
      </button>
    </div>
  )
}

function Toggle<Row>({ rowId, isExpanded, isCurrent, label, onToggle }: GridRowProps<Row> & { label: string | null }) {
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
        onToggle(rowId)
      }}
    >
      {isExpanded ? <ChevronDownRegular /> : <ChevronRightRegular />}
    </button>
  )
}

/** Drawn again only when something of this row changes: scrolling moves the others without touching it. */
export const GridRow = memo(GridRowView) as typeof GridRowView
