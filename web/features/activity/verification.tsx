import { Button, Spinner } from '@fluentui/react-components'
import { ShieldCheckmarkRegular } from '@fluentui/react-icons/svg/shield-checkmark'
import { ShieldErrorRegular } from '@fluentui/react-icons/svg/shield-error'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { verifyJournal } from '../../api/journal.ts'
import { useOperator } from '../../shell/operator.ts'
import { useFailureWords } from '../../shell/problem-notice.tsx'
import styles from './activity.module.css'

/** Whether the journal is whole and unchanged: read on demand, because it reads all of it. */
export function Verification() {
  const { t } = useTranslation()
  const { operatorId, isWholeOperator } = useOperator()
  const words = useFailureWords()
  const check = useQuery({
    queryKey: ['journal-verification', operatorId],
    queryFn: ({ signal }) => verifyJournal(operatorId, signal),
    enabled: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (!isWholeOperator) return null
  return (
    <div className={styles.verification}>
      <span role="status">
        {check.isError && words(check.error).detail}
        {check.data?.ok && (
          <>
            <ShieldCheckmarkRegular aria-hidden="true" />{' '}
            {t('journal.whole', { count: check.data.entries, shown: check.data.entries.toLocaleString() })}
          </>
        )}
        {check.data && !check.data.ok && (
          <span className={styles.bad}>
            <ShieldErrorRegular aria-hidden="true" />{' '}
            {t('journal.broken', {
              position: check.data.firstBad?.position ?? '?',
              meaning: check.data.firstBad?.meaning ?? '',
            })}
          </span>
        )}
      </span>
      <Button
        size="small"
        icon={check.isFetching ? <Spinner size="extra-tiny" /> : <ShieldCheckmarkRegular />}
        disabledFocusable={check.isFetching}
        onClick={() => void check.refetch()}
      >
        {t('journal.verify')}
      </Button>
    </div>
  )
}
