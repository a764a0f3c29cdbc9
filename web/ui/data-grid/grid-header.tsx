// biome-ignore-all lint/a11y/useSemanticElements: rows are placed one by one, which the layout of a table element does not allow
import { ArrowDownRegular } from '@fluentui/react-icons/svg/arrow-down'
import { ArrowUpRegular } from '@fluentui/react-icons/svg/arrow-up'
import styles from './data-grid.module.css'
import { directionOf, type GridColumn } from './grid-column.ts'

type HeaderProps<Row> = {
  columns: readonly GridColumn<Row>[]
  sort: string | undefined
  onSort: ((sort: string) => void) | undefined
  menuLabel: string | null
}

/** The line of column names; a click sorts, a second one turns the order round. */
export function GridHeader<Row>({ columns, sort, onSort, menuLabel }: HeaderProps<Row>) {
  return (
    <div role="rowgroup" className={styles.header}>
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid itself has the focus */}
      <div role="row" aria-rowindex={1} className={styles.line}>
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
                  onClick={() => onSort(direction === 'descending' ? `${column.sort}` : `-${column.sort}`)}
                >
                  {column.header}
                  {direction === 'ascending' && <ArrowUpRegular aria-hidden="true" />}
                  {direction === 'descending' && <ArrowDownRegular aria-hidden="true" />}
                </button>
              ) : (
                <span>{column.header}</span>
              )}
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
