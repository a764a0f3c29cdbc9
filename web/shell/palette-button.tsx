import { Button } from '@fluentui/react-components'
import { SearchRegular } from '@fluentui/react-icons/svg/search'
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './frame.module.css'

const load = () => import('../features/palette/palette.tsx')
const LatePalette = lazy(async () => ({ default: (await load()).Palette }))
/** By then the page is there, and the search opens without a wait. */
const PREFETCH_MS = 5_000

/** The search over everything, by Ctrl-K from anywhere. Source: design/ui.md, Frame. */
export function PaletteButton() {
  const { t } = useTranslation()
  const [isOpen, setIsOpen] = useState(false)
  const before = useRef<Element | null>(null)
  const open = useCallback(() => {
    // A dialog that is open has the word: what was typed there is not to be left behind.
    if (document.querySelector('[aria-modal="true"]')) return
    before.current = document.activeElement
    setIsOpen(true)
  }, [])
  const close = useCallback((isDone: boolean) => {
    setIsOpen(false)
    // Where something was opened, that has the focus next.
    if (!isDone) requestAnimationFrame(() => before.current instanceof HTMLElement && before.current.focus())
  }, [])
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== 'k') return
      event.preventDefault()
      open()
    }
    window.addEventListener('keydown', onKey)
    // What cannot be fetched now is fetched when it is asked for, and says so then.
    const timer = setTimeout(() => load().catch(() => undefined), PREFETCH_MS)
    return () => {
      window.removeEventListener('keydown', onKey)
      clearTimeout(timer)
    }
  }, [open])
  return (
    <>
      <Button
        className={`${styles.palette}`}
        icon={<SearchRegular />}
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+K Meta+K"
        title={t('frame.searchKeys')}
        onClick={open}
      >
        <span className={styles.paletteText}>{t('frame.search')}</span>
        <span aria-hidden="true">
          <kbd>Ctrl K</kbd>
        </span>
      </Button>
      <Suspense>{isOpen && <LatePalette onClose={close} />}</Suspense>
    </>
  )
}
