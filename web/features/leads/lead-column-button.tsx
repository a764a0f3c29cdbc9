import { Button, Checkbox, Input, Popover, PopoverSurface, PopoverTrigger, Tooltip } from '@fluentui/react-components'
import { ColumnTripleEditRegular } from '@fluentui/react-icons/svg/column-triple-edit'
import { ReOrderDotsVerticalRegular } from '@fluentui/react-icons/svg/re-order-dots-vertical'
import { type KeyboardEvent, memo, type PointerEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeskLead } from '../../api/leads.ts'
import { type PlacedColumn, placedColumns, withChosenWidth } from '../../ui/data-grid/column-choice.ts'
import { WIDTH_MAX, WIDTH_MIN } from '../../ui/data-grid/grid-column.ts'
import '../../ui/data-grid/resize-edge.tsx'
import '../../words/en-views.ts'
import styles from './lead-views.module.css'
import type { LeadLayout } from './use-lead-layout.ts'

type Placed = PlacedColumn<DeskLead>

/** The height of a row of the choice, as in the stylesheet: which place the mouse is at follows from it. */
const ROW_PX = 36

/** Which columns are shown, in what order and how wide; of the view that was chosen, or one's own. */
export const LeadColumnButton = memo(function LeadColumnButton({ layout }: { layout: LeadLayout }) {
  const { t } = useTranslation()
  const [isOpen, setIsOpen] = useState(false)
  return (
    <Popover
      open={isOpen}
      onOpenChange={(_, { open }) => setIsOpen(open)}
      trapFocus
      positioning={{ position: 'below', align: 'end' }}
    >
      <PopoverTrigger disableButtonEnhancement>
        <Tooltip content={t('views.columns.button')} relationship="label">
          <Button size="small" icon={<ColumnTripleEditRegular fontSize={16} />} />
        </Tooltip>
      </PopoverTrigger>
      <PopoverSurface aria-label={t('views.columns.title')} className={`${styles.surface}`}>
        <ColumnChooser layout={layout} />
      </PopoverSurface>
    </Popover>
  )
})

function ColumnChooser({ layout }: { layout: LeadLayout }) {
  const { t } = useTranslation()
  const { view, ofView, chosen, choose, showInView, all } = layout
  const placed = useRef<Placed[]>([])
  placed.current = placedIn(layout)
  const [said, setSaid] = useState('')
  const isOne = placed.current.filter(({ shown }) => shown).length === 1

  const keep = (next: Placed[]) => {
    if (ofView !== null) showInView(next.filter(({ shown }) => shown).map(({ column }) => column.id))
    else choose(choiceOf(next, chosen))
  }
  const move = (id: string, to: number) => {
    const before = placed.current
    const from = before.findIndex(({ column }) => column.id === id)
    const place = Math.min(before.length - 1, Math.max(0, to))
    const moved = before[from]
    if (!moved || place === from) return
    const next = before.toSpliced(from, 1).toSpliced(place, 0, moved)
    // A view has no place for columns that it does not show: there they come after the others.
    if (ofView !== null && (!moved.shown || !before[place]?.shown)) return
    keep(next)
    setSaid(t('views.columns.moved', { column: moved.column.header, place: place + 1, count: before.length }))
  }
  return (
    <>
      <h2>{t('views.columns.title')}</h2>
      <p>{ofView !== null && view ? t('views.columns.ofView', { name: view.name }) : t('views.columns.own')}</p>
      <ul className={styles.columns}>
        {placed.current.map((one, at) => (
          <ColumnRow
            key={one.column.id}
            {...one}
            at={at}
            isLast={one.shown && isOne}
            width={chosen?.find(({ id }) => id === one.column.id)?.width ?? null}
            onShow={(shown) => keep(placed.current.map((other) => (other === one ? { ...other, shown } : other)))}
            onMove={(to) => move(one.column.id, to)}
            onWidth={(width) => choose(withChosenWidth(all, chosen, one.column.id, width))}
          />
        ))}
      </ul>
      <span role="status" className="only-read-aloud">
        {said}
      </span>
      <div>
        {ofView !== null ? (
          <Button size="small" onClick={() => showInView(null)}>
            {t('views.columns.backToView')}
          </Button>
        ) : (
          <Button size="small" disabledFocusable={chosen === null} onClick={() => choose(null)}>
            {t('views.columns.reset')}
          </Button>
        )}
      </div>
    </>
  )
}

type ColumnRowProps = Placed & {
  at: number
  /** Shown, and no other is. */
  isLast: boolean
  width: number | null
  onShow: (shown: boolean) => void
  onMove: (to: number) => void
  onWidth: (width: number | null) => void
}

function ColumnRow({ column, shown, at, isLast, width, onShow, onMove, onWidth }: ColumnRowProps) {
  const { t } = useTranslation()
  const [isDragged, setIsDragged] = useState(false)
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: Number.MAX_SAFE_INTEGER }[event.key]
    if (to === undefined) return
    event.preventDefault()
    onMove(to)
  }
  const drag = useDrag(onMove, setIsDragged)
  return (
    <li className={styles.column} data-dragged={isDragged || undefined}>
      <button
        type="button"
        className={styles.grip}
        aria-label={t('views.columns.move', { column: column.header })}
        onKeyDown={onKeyDown}
        onPointerDown={drag}
      >
        <ReOrderDotsVerticalRegular aria-hidden="true" />
      </button>
      <Checkbox
        label={column.header}
        checked={shown}
        disabled={isLast}
        {...(isLast && { title: t('views.columns.last') })}
        onChange={(_, { checked }) => onShow(checked === true)}
      />
      <WidthField column={column} width={width} onWidth={onWidth} />
    </li>
  )
}

/** What is typed counts as soon as it is a width that a column may have. */
function WidthField({ column, width, onWidth }: Pick<ColumnRowProps, 'column' | 'width' | 'onWidth'>) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState<string | null>(null)
  return (
    <Input
      size="small"
      type="number"
      className={`${styles.width}`}
      aria-label={t('views.columns.width', { column: column.header })}
      min={WIDTH_MIN}
      max={WIDTH_MAX}
      step={10}
      placeholder={String(column.width)}
      value={typed ?? String(width ?? '')}
      onChange={(_, { value }) => {
        setTyped(value)
        const wanted = Math.round(Number(value))
        if (value === '') onWidth(null)
        else if (wanted >= WIDTH_MIN && wanted <= WIDTH_MAX) onWidth(wanted)
      }}
      onBlur={() => setTyped(null)}
    />
  )
}

/** Takes the row along with the mouse, one place at a time. */
function useDrag(
  onMove: (to: number) => void,
  setIsDragged: (isDragged: boolean) => void,
): (event: PointerEvent<HTMLButtonElement>) => void {
  const latest = useRef(onMove)
  latest.current = onMove
  return (event) => {
    const grip = event.currentTarget
    const list = grip.closest('ul')
    if (event.button !== 0 || !list) return
    grip.setPointerCapture(event.pointerId)
    setIsDragged(true)
    const go = ({ clientY }: { clientY: number }) => {
      const top = list.getBoundingClientRect().top - list.scrollTop
      latest.current(Math.floor((clientY - top) / ROW_PX))
    }
    const stop = () => {
      setIsDragged(false)
      grip.removeEventListener('pointermove', go)
      grip.removeEventListener('pointerup', stop)
      grip.removeEventListener('pointercancel', stop)
    }
    grip.addEventListener('pointermove', go)
    grip.addEventListener('pointerup', stop)
    grip.addEventListener('pointercancel', stop)
  }
}

/** In the order of the view, what it does not show after it; else as one has chosen. */
function placedIn({ all, chosen, ofView }: LeadLayout): Placed[] {
  const placed = placedColumns(all, chosen)
  if (ofView === null) return placed
  const shown = ofView.flatMap((id) => placed.find(({ column }) => column.id === id) ?? [])
  const others = placed.filter((one) => !shown.includes(one))
  return [...shown.map((one) => ({ ...one, shown: true })), ...others.map((one) => ({ ...one, shown: false }))]
}

function choiceOf(placed: readonly Placed[], before: LeadLayout['chosen']): NonNullable<LeadLayout['chosen']> {
  const widths = new Map(before?.map(({ id, width }) => [id, width]))
  return placed.map(({ column: { id }, shown }) => {
    const width = widths.get(id)
    return { id, shown, ...(width !== undefined && { width }) }
  })
}
