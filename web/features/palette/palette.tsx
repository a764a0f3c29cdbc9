import { Dialog, DialogSurface } from '@fluentui/react-components'
import { SearchRegular } from '@fluentui/react-icons/svg/search'
import { type KeyboardEvent, useEffect, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe, useOperator } from '../../shell/operator.ts'
import { useFailureWords } from '../../shell/problem-notice.tsx'
import '../../words/en-palette.ts'
import styles from './palette.module.css'
import { matching, type PaletteItem, type PaletteKind, partsOf } from './palette-item.ts'
import { recentOf, rememberRecent } from './recent.ts'
import { useFound, useOpenFound } from './use-found.tsx'
import { useActions, usePages } from './use-palette-places.tsx'

type Group = { name: PaletteKind | 'recent'; items: PaletteItem[] }

const FOUND_KINDS: readonly PaletteKind[] = ['leads', 'tenants', 'channels']
/** A single letter is in nearly every word: pages and actions are not to fill the list. */
const PLACES_MAX = 6

/**
 * One field for everything: leads, tenants, channels, pages, actions. The field keeps the focus; arrows choose, Enter opens.
 * `onClose` is told whether something was opened.
 */
export function Palette({ onClose }: { onClose: (isDone: boolean) => void }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose(false)}>
      <DialogSurface className={`${styles.surface}`} aria-label={t('palette.title')} aria-labelledby={undefined}>
        <PaletteField typed={typed} onType={setTyped} onDone={() => onClose(true)} />
      </DialogSurface>
    </Dialog>
  )
}

type PaletteFieldProps = { typed: string; onType: (typed: string) => void; onDone: () => void }

function PaletteField({ typed, onType, onDone }: PaletteFieldProps) {
  const { t } = useTranslation()
  const id = useId()
  const whose = useWhose()
  const { groups, isPending, error } = useGroups(typed, whose)
  const items = groups.flatMap((group) => group.items)
  const [chosenKey, setChosenKey] = useState<string | null>(null)
  const at = Math.max(
    0,
    items.findIndex((item) => keyOf(item) === chosenKey),
  )
  const chosen = items[at]
  const idOf = (item: PaletteItem) => `${id}-${keyOf(item)}`
  const chosenId = chosen && idOf(chosen)
  useEffect(() => {
    if (chosenId) document.getElementById(chosenId)?.scrollIntoView({ block: 'nearest' })
  }, [chosenId])
  const run = (item: PaletteItem) => {
    if (!item.isPassing) rememberRecent(whose, item)
    onDone()
    item.run()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 6, PageUp: -6 }[event.key]
    const isEnter = event.key === 'Enter' && !event.nativeEvent.isComposing
    if (step === undefined && !isEnter) return
    event.preventDefault()
    if (isEnter && chosen) run(chosen)
    if (step === undefined || items.length === 0) return
    const isOne = Math.abs(step) === 1
    const next = isOne ? (at + step + items.length) % items.length : Math.min(items.length - 1, Math.max(0, at + step))
    setChosenKey(items[next] ? keyOf(items[next]) : null)
  }
  const isNothing = typed.trim() !== '' && !isPending && items.length === 0
  return (
    <>
      <div className={styles.field}>
        <SearchRegular aria-hidden="true" />
        <input
          // biome-ignore lint/a11y/noAutofocus: a dialog of one field, opened to type
          autoFocus
          role="combobox"
          aria-label={t('palette.title')}
          aria-expanded={items.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          {...(chosenId && { 'aria-activedescendant': chosenId })}
          autoComplete="off"
          spellCheck={false}
          dir="auto"
          maxLength={200}
          placeholder={t('palette.placeholder')}
          value={typed}
          onChange={({ target }) => {
            setChosenKey(null)
            onType(target.value)
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div id={`${id}-list`} role="listbox" aria-label={t('palette.results')} className={styles.list}>
        {groups.map(({ name, items: lines }) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options, not of fields
          <div key={name} role="group" aria-labelledby={`${id}-${name}`}>
            <div id={`${id}-${name}`} role="presentation" className={styles.heading}>
              {t(`palette.${name}`)}
            </div>
            {lines.map((item) => (
              <PaletteLine
                key={keyOf(item)}
                id={idOf(item)}
                item={item}
                typed={typed}
                isChosen={item === chosen}
                onChoose={() => setChosenKey(keyOf(item))}
                onRun={() => run(item)}
              />
            ))}
          </div>
        ))}
      </div>
      {isNothing && (
        <div className={styles.none}>
          <strong>{t('palette.none', { q: typed.trim() })}</strong>
          <span>{t('palette.noneText')}</span>
        </div>
      )}
      <Failure error={error} />
      <div className={styles.foot}>
        <span role="status">{typed.trim() === '' || isPending ? '' : t('palette.count', { count: items.length })}</span>
        <span>{t('palette.keys')}</span>
      </div>
    </>
  )
}

type PaletteLineProps = {
  id: string
  item: PaletteItem
  typed: string
  isChosen: boolean
  onChoose: () => void
  onRun: () => void
}

function PaletteLine({ id, item: { icon, label, detail }, typed, isChosen, onChoose, onRun }: PaletteLineProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and handles all keys
    <div
      id={id}
      role="option"
      aria-selected={isChosen}
      tabIndex={-1}
      className={styles.line}
      // The field keeps the focus.
      onMouseDown={(event) => event.preventDefault()}
      onMouseMove={onChoose}
      onClick={onRun}
    >
      <span aria-hidden="true" className={styles.icon}>
        {icon}
      </span>
      <span className={styles.label} dir="auto">
        <Marked text={label} typed={typed} />
      </span>
      {detail && (
        <span className={styles.detail} dir="auto">
          <Marked text={detail} typed={typed} />
        </span>
      )}
    </div>
  )
}

function Marked({ text, typed }: { text: string; typed: string }) {
  const [before, match, after] = partsOf(text, typed)
  if (match === '') return text
  return (
    <>
      {before}
      <mark>{match}</mark>
      {after}
    </>
  )
}

function Failure({ error }: { error: unknown }) {
  const { t } = useTranslation()
  const words = useFailureWords()
  if (!error) return null
  return (
    <p role="alert" className={styles.failure}>
      {t('palette.failed')}: {words(error).detail}
    </p>
  )
}

/** Recent ones and places while nothing is typed; else places at once, and what the server finds below them. */
function useGroups(typed: string, whose: string): { groups: Group[]; isPending: boolean; error: unknown } {
  const pages = usePages()
  const actions = useActions()
  const { items: found, isPending, error } = useFound(typed)
  const reopen = useOpenFound()
  const [recent] = useState(() => recentOf(whose))
  if (typed.trim() !== '') {
    const groups: Group[] = [
      { name: 'pages', items: matching(pages, typed).slice(0, PLACES_MAX) },
      { name: 'actions', items: matching(actions, typed).slice(0, PLACES_MAX) },
      ...FOUND_KINDS.map((kind) => ({ name: kind, items: found.filter((item) => item.kind === kind) })),
    ]
    return { groups: groups.filter(({ items }) => items.length > 0), isPending, error }
  }
  const places = [...pages, ...actions]
  // What one may no longer open is not offered again.
  const again = recent.flatMap((one) =>
    FOUND_KINDS.includes(one.kind) ? reopen(one) : (places.find((item) => isSame(item, one)) ?? []),
  )
  const others = (items: PaletteItem[]) => items.filter((item) => !again.some((one) => isSame(item, one)))
  const groups: Group[] = [
    { name: 'recent', items: again },
    { name: 'pages', items: others(pages) },
    { name: 'actions', items: others(actions) },
  ]
  return { groups: groups.filter(({ items }) => items.length > 0), isPending, error }
}

function useWhose(): string {
  const { personId } = useMe()
  const { operatorId, channelId } = useOperator()
  return `${personId}/${operatorId}/${channelId ?? ''}`
}

function keyOf({ kind, id }: PaletteItem): string {
  return `${kind}-${id}`
}

function isSame(a: { kind: string; id: string }, b: { kind: string; id: string }): boolean {
  return a.kind === b.kind && a.id === b.id
}
