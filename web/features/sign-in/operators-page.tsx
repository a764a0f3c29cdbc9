import { OrganizationRegular } from '@fluentui/react-icons/svg/organization'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { paths } from '../../paths.ts'
import { useMe } from '../../shell/operator.ts'
import { EmptyState } from '../../ui/states.tsx'
import styles from './door.module.css'
import { Door } from './door.tsx'

/** Asked first of who may work for several operators. The choice is in every address from then on. */
export function OperatorsPage() {
  const { t } = useTranslation()
  const { operators } = useMe()
  return (
    <Door title={t('operators.title')} subtitle={t('operators.subtitle')}>
      {operators.length === 0 ? (
        <EmptyState icon={<OrganizationRegular />} title={t('operators.none')}>
          {t('operators.noneText')}
        </EmptyState>
      ) : (
        <ul className={styles.people}>
          {operators.map(({ operatorId, name, channelName }) => (
            <li key={operatorId}>
              <Link to={paths.leads} params={{ operatorId: String(operatorId) }} className={`${styles.person}`}>
                <OrganizationRegular aria-hidden="true" fontSize={28} />
                <span className={styles.personText}>
                  <strong>{name}</strong>
                  <span>{channelName ?? t('operators.number', { id: operatorId })}</span>
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Door>
  )
}
