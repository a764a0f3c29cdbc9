import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { getMailSettings, type WireMailSettings } from '../../api/mail.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { LoadingRows } from '../../ui/states.tsx'
import '../../words/en-customer-mail.ts'
import { CustomerMailRules } from './customer-mail-rules.tsx'
import { MailForm } from './mail-form.tsx'
import { MailLog } from './mail-log.tsx'
import { MailTemplates } from './mail-templates.tsx'
import { MailTest } from './mail-test.tsx'

export function mailQuery(operatorId: number) {
  return queryOptions({
    queryKey: ['mail-settings', operatorId],
    queryFn: ({ signal }) => getMailSettings(operatorId, signal),
  })
}

/** How this operator sends mail, whether it works, and what was sent. Source: issue 6, 4. */
export function MailPage() {
  const { t } = useTranslation()
  const { operatorId, name, can, isWholeOperator } = useOperator()
  const mayManage = isWholeOperator && can('mail.manage')
  const settings = useQuery({ ...mailQuery(operatorId), enabled: mayManage, refetchInterval: 15_000 })
  return (
    <Page narrow title={t('mail.title')} text={t('mail.text', { operator: name })}>
      {!mayManage && <p>{t('permission.missing', { permission: 'mail.manage' })}</p>}
      <ProblemNotice error={settings.error} onRetry={() => void settings.refetch()} />
      {mayManage && settings.isPending && <LoadingRows count={6} />}
      {settings.data && (
        <>
          <Health settings={settings.data} />
          <MailForm key={settings.data.changedAt} settings={settings.data} />
          <Section title={t('mail.test')} text={t('mail.testText')}>
            <MailTest isConfigured={settings.data.configured} />
          </Section>
          <CustomerMailRules />
          <MailTemplates />
          <MailLog />
        </>
      )}
    </Page>
  )
}

function Health({ settings: { configured, failingSince, lastError, waiting } }: { settings: WireMailSettings }) {
  const { t } = useTranslation()
  if (configured && failingSince === null) return null
  return (
    <MessageBar intent={configured ? 'error' : 'info'} layout="multiline" style={{ marginBottom: 16 }}>
      <MessageBarBody>
        {configured ? (
          <>
            <MessageBarTitle>{t('mail.failing')}</MessageBarTitle> {lastError}{' '}
            {t('mail.failingWaiting', { count: waiting })}
          </>
        ) : (
          t('mail.notSet')
        )}
      </MessageBarBody>
    </MessageBar>
  )
}
