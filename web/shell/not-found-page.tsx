import { MapRegular } from '@fluentui/react-icons/svg/map'
import { OrganizationRegular } from '@fluentui/react-icons/svg/organization'
import type { ErrorComponentProps } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { paths } from '../paths.ts'
import { LinkButton } from '../ui/link-button.tsx'
import { EmptyState } from '../ui/states.tsx'
import { ProblemNotice } from './problem-notice.tsx'

export function NotFoundPage() {
  const { t } = useTranslation()
  return (
    <main style={{ height: '100%' }}>
      <EmptyState
        isPage
        icon={<MapRegular />}
        title={t('notFound.title')}
        action={
          <LinkButton to={paths.home} appearance="primary">
            {t('notFound.home')}
          </LinkButton>
        }
      >
        {t('notFound.text')}
      </EmptyState>
    </main>
  )
}

export function OperatorUnknownPage() {
  const { t } = useTranslation()
  return (
    <main style={{ height: '100%' }}>
      <EmptyState
        isPage
        icon={<OrganizationRegular />}
        title={t('notFound.operator')}
        action={
          <LinkButton to={paths.operators} appearance="primary">
            {t('notFound.chooseOperator')}
          </LinkButton>
        }
      >
        {t('notFound.operatorText')}
      </EmptyState>
    </main>
  )
}

/** A page that could not be drawn or loaded at all. */
export function PageFailure({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation()
  return (
    <section aria-label={t('failure.page')} style={{ padding: 24, maxWidth: 720, margin: '0 auto' }}>
      <h1 style={{ fontSize: 20 }}>{t('failure.page')}</h1>
      <ProblemNotice
        error={error}
        onRetry={() => {
          reset()
          window.location.reload()
        }}
      />
    </section>
  )
}
