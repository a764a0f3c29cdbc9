// biome-ignore-all lint/a11y/useSemanticElements: rows are placed one by one, which the layout of a table element does not allow
import { ArrowDownRegular } from '@fluentui/react-icons/svg/arrow-down'
import { ArrowUpRegular } from '@fluentui/react-icons/svg/arrow-up'
import { memo } from 'react'
import { useWatched } from '../watched.ts'
import styles from './data-grid.module.css'
import { directionOf, type GridColumn } from './grid-column.ts'
import { type Resizing, resizeKit } from './resize-kit.ts'
import { isAnyChosen, type Selecting } from './use-selecting.ts'

type HeaderProps<Row> = {
  columns: readonly GridColumn<Row>[]
  sort: string | undefined
  onSort: ((sort: string) => void) | undefined
  /** Left out: widths stay as they are. */
  resizing: Resizing<Row> | undefined
  menuLabel: string | null
  selecting: Selecting<Row> | undefined
  onSelectAll: (() => void) | undefined
}

function GridHeaderView<Row>(props: HeaderProps<Row>) {
  const { columns, sort, onSort, resizing, menuLabel, selecting, onSelectAll } = props
  const kit = useWatched(resizeKit)
  return (
    <div role="rowgroup" className={styles.header}>
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid itself has the focus */}
      <div role="row" aria-rowindex={1} className={styles.line}>
        {selecting && onSelectAll && <SelectAll selecting={selecting} onChange={onSelectAll} />}
        {columns.map((column) => {
          const direction = directionOf(sort, column.sort)
          return (
            // biome-ignore lint/a11y/useFocusableInteractive: the button inside is what one uses
            <div
              key={column.id}
              role="columnheader"
              className={`${styles.head} ${column.align === 'end' ? styles.end : ''}`}
              {...(direction && { 'aria-sort': direction })}
            >
              {column.sort && onSort ? (
                <button
                  type="button"
                  className={styles.sort}
                  onKeyDown={(event) => resizing && kit?.byKey(event, columns, column, resizing)}
                  onClick={() => onSort(direction === 'descending' ? `${column.sort}` : `-${column.sort}`)}
                >
                  {column.header}
                  {direction === 'ascending' && <ArrowUpRegular aria-hidden="true" />}
                  {direction === 'descending' && <ArrowDownRegular aria-hidden="true" />}
                </button>
              ) : (
                <span>{column.header}</span>
              )}
              {kit && resizing && <kit.Edge columns={columns} column={column} resizing={resizing} />}
            </div>
          )
        })}
        {menuLabel !== null && (
          // biome-ignore lint/a11y/useFocusableInteractive: nothing to do here
          <div role="columnheader" className={`${styles.head} ${styles.menu}`}>
            <span className="only-read-aloud">{menuLabel}</span>
          </div>
        )}
      </div>
    </div>
  )
}

/** The line of column names; a click sorts, a second one turns the order round. */
export const GridHeader = memo(GridHeaderView) as typeof GridHeaderView

function SelectAll<Row>({ selecting, onChange }: { selecting: Selecting<Row>; onChange: () => void }) {
  const { value, allLabel } = selecting
  const isAll = value.kind === 'all' && value.except.size === 0
  const isMixed = !isAll && isAnyChosen(value)
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the box inside is what one uses
    <div role="columnheader" className={styles.select}>
      <input
        type="checkbox"
        aria-label={allLabel}
        title={allLabel}
        checked={isAll}
        ref={(box) => {
          if (box) box.indeterminate = isMixed
        }}
        onChange={onChange}
      />
    </div>
  )
}
