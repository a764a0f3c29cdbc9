import { Button, MessageBar, MessageBarBody, MessageBarTitle, Spinner } from '@fluentui/react-components'
import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle'
import { CircleRegular } from '@fluentui/react-icons/svg/circle'
import { DismissCircleRegular } from '@fluentui/react-icons/svg/dismiss-circle'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type Connection, type ConnectionCheck, testConnection } from '../../api/connections.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import styles from './microsoft.module.css'

/** In the order in which a call to Microsoft meets them. Source: microsoft.md A.2. */
const STAGES = ['reach', 'token', 'allow-list', 'role', 'path'] as const

/** Asks Microsoft now, with what is stored; says which stage fails and what to do. */
export function ConnectionTest({ connection }: { connection: Connection }) {
  const { t } = useTranslation()
  const test = useMutation({ mutationFn: () => testConnection(connection.operatorId) })
  const mayTest = connection.configured
  return (
    <div className={styles.test}>
      <div>
        <Button
          icon={test.isPending ? <Spinner size="extra-tiny" /> : null}
          disabledFocusable={!mayTest || test.isPending}
          title={mayTest ? '' : t('microsoft.testNotYet')}
          onClick={() => test.mutate()}
        >
          {t(test.isPending ? 'microsoft.testing' : 'microsoft.testNow')}
        </Button>
      </div>
      <div role="status">
        <ProblemNotice error={test.error} />
        {test.data && <CheckResult check={test.data} />}
      </div>
    </div>
  )
}

function CheckResult({ check }: { check: ConnectionCheck }) {
  const { t } = useTranslation()
  const failedAt = check.ok ? STAGES.length : STAGES.indexOf(check.stage as (typeof STAGES)[number])
  return (
    <>
      <MessageBar intent={check.ok ? 'success' : 'error'} layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>{t(check.ok ? 'microsoft.works' : 'microsoft.fails')}</MessageBarTitle> {check.detail}{' '}
          {check.remedy}
        </MessageBarBody>
      </MessageBar>
      <ol className={styles.stages}>
        {STAGES.map((stage, at) => (
          <li key={stage} data-state={at < failedAt ? 'good' : at === failedAt ? 'bad' : 'open'}>
            {at < failedAt ? (
              <CheckmarkCircleRegular />
            ) : at === failedAt ? (
              <DismissCircleRegular />
            ) : (
              <CircleRegular />
            )}
            {t(`microsoft.stage.${stage}`)}
            <span className="only-read-aloud">
              {t(
                at < failedAt ? 'microsoft.stageGood' : at === failedAt ? 'microsoft.stageBad' : 'microsoft.stageOpen',
              )}
            </span>
          </li>
        ))}
      </ol>
    </>
  )
}
