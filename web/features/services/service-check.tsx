import { Checkbox } from '@fluentui/react-components'
import { ClipboardCheckmarkRegular } from '@fluentui/react-icons/svg/clipboard-checkmark'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { tickTestCall, type WireCheckResult, type WireServiceDetail } from '../../api/services.ts'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { StatusPill } from '../../ui/status-pill.tsx'
import { useCheck } from './service-actions.tsx'
import { healthLooks } from './service-states.tsx'
import styles from './services.module.css'

/** Does it work? What was looked at last, and the calls that only a person can make. */
export function ServiceCheck({ service }: { service: WireServiceDetail }) {
  const { t } = useTranslation()
  const check = useCheck()
  const { check: last, testCalls } = service
  return (
    <>
      <p className={styles.note}>
        {last ? (
          <>
            {t('services.check.last')} <RelativeTime instant={last.at} />
          </>
        ) : (
          t('services.check.never')
        )}
      </p>
      <PermittedButton
        icon={<ClipboardCheckmarkRegular />}
        permission="services.write"
        verdict={service.actions.check}
        onClick={() => check(service)}
      >
        {t('services.action.check')}
      </PermittedButton>
      {last && (
        <>
          <h3 className={styles.section}>{t('services.check.results')}</h3>
          {last.results.map((result) => (
            <Result key={result.code} result={result} />
          ))}
        </>
      )}
      <h3 className={styles.section}>{t('services.check.calls')}</h3>
      <p className={styles.note}>{t('services.check.callsText')}</p>
      <TestCalls service={service} calls={testCalls} />
    </>
  )
}

function Result({ result: { title, result, detail } }: { result: WireCheckResult }) {
  const { t } = useTranslation()
  const look = healthLooks[result === 'skipped' ? 'unknown' : result]
  return (
    <div className={styles.result}>
      <StatusPill {...look}>{t(`services.check.result.${result}`)}</StatusPill>
      <div>
        {title}
        <p>{detail}</p>
      </div>
    </div>
  )
}

function TestCalls({ service, calls }: { service: WireServiceDetail; calls: WireServiceDetail['testCalls'] }) {
  const { operatorId, can } = useOperator()
  const queries = useQueryClient()
  const tick = useMutation({
    mutationFn: ({ code, done }: { code: string; done: boolean }) => tickTestCall(operatorId, service.id, code, done),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['service', operatorId, service.id] }),
  })
  return (
    <div className={styles.calls}>
      <ProblemNotice error={tick.error} />
      {calls.map(({ code, title, doneAt, doneBy }) => (
        <div key={code}>
          <Checkbox
            label={title}
            checked={doneAt !== null}
            disabled={!can('services.write') || tick.isPending}
            onChange={(_, { checked }) => tick.mutate({ code, done: checked === true })}
          />
          {doneAt && (
            <small>
              {doneBy} · <RelativeTime instant={doneAt} />
            </small>
          )}
        </div>
      ))}
    </div>
  )
}
