import { MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from '@fluentui/react-components'
import type { ReactElement, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './states.module.css'

type EmptyStateProps = {
  icon: ReactElement
  title: string
  children?: ReactNode
  action?: ReactNode
  /** It is all there is on the page. */
  isPage?: boolean
}

/** What a list is for while it is empty, and the one thing to do next. */
export function EmptyState({ icon, title, children, action, isPage = false }: EmptyStateProps) {
  const Heading = isPage ? 'h1' : 'h2'
  return (
    <div className={styles.empty}>
      <span className={styles.icon} aria-hidden="true">
        {icon}
      </span>
      <Heading className={styles.title}>{title}</Heading>
      <div className={styles.text}>{children}</div>
      {action && <div className={styles.actions}>{action}</div>}
    </div>
  )
}

export type Failure = {
  /** What happened. */
  title: string
  /** What it means and what to do. */
  detail: string
  requestId?: string | undefined
}

/** What happened, what to do, and the request id to ask about it. */
export function FailureNotice({ failure, actions }: { failure: Failure; actions?: ReactNode }) {
  const { t } = useTranslation()
  return (
    <MessageBar intent="error" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{failure.title}</MessageBarTitle> {failure.detail}
        {failure.requestId && (
          <span className={styles.request}>{t('failure.requestId', { requestId: failure.requestId })}</span>
        )}
      </MessageBarBody>
      {actions && <MessageBarActions>{actions}</MessageBarActions>}
    </MessageBar>
  )
}

/**
 * Grey lines where rows will be, for the first load only. Plain elements that stand still at first: rows mostly come within a
 * moment, and what moves takes the time that they need.
 */
export function LoadingRows({ count = 14 }: { count?: number }) {
  return (
    <Loading className={styles.loading}>
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
        <div key={index} className={styles.loadingRow}>
          <GreyLine width={16 + ((index * 7) % 12)} />
          <GreyLine width={20 + ((index * 5) % 14)} />
          <GreyLine width={10} />
          <GreyLine width={8 + ((index * 3) % 8)} />
        </div>
      ))}
    </Loading>
  )
}

/** What stands there until something has been loaded; said to those who do not see it. */
export function Loading({ className, children }: { className: string | undefined; children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <div role="progressbar" aria-label={t('loading')} className={`${className} ${styles.pulsing}`}>
      {children}
    </div>
  )
}

/** In percent of the room. */
export function GreyLine({ width }: { width: number }) {
  return <span className={styles.greyLine} style={{ width: `${width}%` }} />
}

/** Label and value pairs in two columns. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className={styles.facts}>{children}</dl>
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  )
}
