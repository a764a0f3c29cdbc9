import { Button, Field, Input, MessageBar, MessageBarBody, MessageBarTitle, Spinner } from '@fluentui/react-components'
import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle'
import { DismissCircleRegular } from '@fluentui/react-icons/svg/dismiss-circle'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { testMail, type WireMailTest } from '../../api/mail.ts'
import { useMe, useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import styles from './mail.module.css'

/** Sends one mail now, and shows what the server said at each stage. */
export function MailTest({ isConfigured }: { isConfigured: boolean }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const me = useMe()
  const queries = useQueryClient()
  const [to, setTo] = useState(me.email)
  const test = useMutation({
    mutationFn: () => testMail(operatorId, to.trim()),
    onSettled: () => queries.invalidateQueries({ queryKey: ['mail-settings', operatorId] }),
  })
  return (
    <form
      noValidate
      className={styles.test}
      onSubmit={(event) => {
        event.preventDefault()
        if (isConfigured && !test.isPending) test.mutate()
      }}
    >
      <div className={styles.testLine}>
        <Field label={t('mail.testTo')} className={styles.testTo}>
          <Input type="email" value={to} onChange={(_, { value }) => setTo(value)} />
        </Field>
        <Button
          type="submit"
          icon={test.isPending ? <Spinner size="extra-tiny" /> : null}
          disabledFocusable={!isConfigured || test.isPending}
          title={isConfigured ? '' : t('mail.testNotYet')}
        >
          {t(test.isPending ? 'mail.testing' : 'mail.testNow')}
        </Button>
      </div>
      <div role="status">
        <ProblemNotice error={test.error} />
        {test.data && <TestResult result={test.data} />}
      </div>
    </form>
  )
}

function TestResult({ result }: { result: WireMailTest }) {
  const { t } = useTranslation()
  return (
    <>
      <MessageBar intent={result.ok ? 'success' : 'error'} layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>{t(result.ok ? 'mail.works' : 'mail.fails')}</MessageBarTitle>
        </MessageBarBody>
      </MessageBar>
      <ol className={styles.stages}>
        {result.steps.map(({ stage, ok, said }) => (
          <li key={stage} data-state={ok ? 'good' : 'bad'}>
            {ok ? <CheckmarkCircleRegular /> : <DismissCircleRegular />}
            <span className={styles.stage}>{t(`mail.stage.${stage}`)}</span>
            <span className="only-read-aloud">{t(ok ? 'mail.stageGood' : 'mail.stageBad')}</span>
            <code>{said}</code>
          </li>
        ))}
      </ol>
    </>
  )
}
