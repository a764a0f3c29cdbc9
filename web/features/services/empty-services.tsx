import { Button } from '@fluentui/react-components'
import { AppsRegular } from '@fluentui/react-icons/svg/apps'
import { SearchRegular } from '@fluentui/react-icons/svg/search'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import { EmptyState } from '../../ui/states.tsx'
import { isNarrowed, type ServiceSearch } from './service-search.ts'
import styles from './services.module.css'

/** Nothing matches, or there is nothing yet: what to do next. */
export function EmptyServices({ search, onClear }: { search: ServiceSearch; onClear: () => void }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  if (isNarrowed(search)) {
    return (
      <EmptyState
        icon={<SearchRegular />}
        title={t('services.noMatch')}
        action={<Button onClick={onClear}>{t('filter.clearAll')}</Button>}
      />
    )
  }
  return (
    <EmptyState
      icon={<AppsRegular />}
      title={t('services.none')}
      action={
        <Link to={paths.leads} params={{ operatorId: String(operatorId) }} className={`${styles.link}`}>
          {t('services.toLeads')}
        </Link>
      }
    >
      {t('services.noneText')}
    </EmptyState>
  )
}
