import { Button, Tooltip } from '@fluentui/react-components'
import { ArrowDownRegular } from '@fluentui/react-icons/svg/arrow-down'
import { ArrowUpRegular } from '@fluentui/react-icons/svg/arrow-up'
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './side-panel.module.css'

type SidePanelProps = {
  title: string
  /** Below the title: what it is, its state. */
  subtitle?: ReactNode
  onClose: () => void
  /** To the row before or after in the list beside it; left out at its ends. */
  onPrevious?: (() => void) | undefined
  onNext?: (() => void) | undefined
  /** Opened by a key: the focus moves in. Not when arrows walk through the list beside it. */
  takesFocus: boolean
  /** Left of the buttons in the header. */
  actions?: ReactNode
  children: ReactNode
}

/** Details over the right of a list, which stays usable. Escape closes it, arrow keys on it go to the next row. */
export function SidePanel(props: SidePanelProps) {
  const { title, subtitle, onClose, onPrevious, onNext, takesFocus, actions, children } = props
  const { t } = useTranslation()
  const panel = useRef<HTMLElement>(null)
  const titleId = useId()
  useEffect(() => {
    if (takesFocus) panel.current?.focus({ preventScroll: true })
  }, [takesFocus])
  return (
    <section
      ref={panel}
      role="dialog"
      aria-labelledby={titleId}
      tabIndex={-1}
      className={styles.panel}
      onKeyDown={(event) => {
        // From a dialog or a choice that opened over the panel: theirs to close.
        if (!event.currentTarget.contains(event.target as Node)) return
        if (event.key === 'Escape') onClose()
        else if (event.target !== event.currentTarget) return
        else if (event.key === 'ArrowDown') onNext?.()
        else if (event.key === 'ArrowUp') onPrevious?.()
        else return
        event.preventDefault()
        event.stopPropagation()
      }}
    >
      <header className={styles.header}>
        <div className={styles.titles}>
          <h2 id={titleId} className={styles.title} dir="auto">
            {title}
          </h2>
          {subtitle}
        </div>
        <div className={styles.buttons}>
          {actions}
          {(onPrevious || onNext) && (
            <>
              <Tooltip content={t('panel.previous')} relationship="label">
                <Button
                  appearance="subtle"
                  icon={<ArrowUpRegular />}
                  disabledFocusable={!onPrevious}
                  onClick={onPrevious}
                />
              </Tooltip>
              <Tooltip content={t('panel.next')} relationship="label">
                <Button appearance="subtle" icon={<ArrowDownRegular />} disabledFocusable={!onNext} onClick={onNext} />
              </Tooltip>
            </>
          )}
          <Tooltip content={t('panel.close')} relationship="label">
            <Button appearance="subtle" icon={<DismissRegular />} onClick={onClose} />
          </Tooltip>
        </div>
      </header>
      {children}
    </section>
  )
}

/** The part of a panel that scrolls. */
export function PanelBody({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section className={styles.body} aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}
