import { MessageBar, MessageBarBody } from '@fluentui/react-components'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { WireServiceDetail } from '../../api/services.ts'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Fact, Facts } from '../../ui/states.tsx'
import { Deployment } from './service-states.tsx'
import styles from './services.module.css'

export function ServiceDetails({ service }: { service: WireServiceDetail }) {
  const { t } = useTranslation()
  const { operatorId, can } = useOperator()
  const params = { operatorId: String(operatorId) }
  const { barred, taskId } = service
  return (
    <>
      {taskId && can('tasks.read') && (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody>
            {t('services.atWork')}{' '}
            <Link to={paths.task} params={{ ...params, taskId }} className={`${styles.link}`}>
              {t('tasks.open')}
            </Link>
          </MessageBarBody>
        </MessageBar>
      )}
      {barred && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            {t('services.barredSince')} <RelativeTime instant={barred.since} />: {barred.reason}
          </MessageBarBody>
        </MessageBar>
      )}
      <h3 className={styles.section}>{t('services.section.service')}</h3>
      <Facts>
        <Fact name={t('license.shortName')}>{service.shortName}</Fact>
        <Fact name={t('license.fullName')}>{service.fullName}</Fact>
        <Fact name={t('lead.licenseType')}>{service.license}</Fact>
        {service.licensedUsers !== null && <Fact name={t('services.licensedUsers')}>{service.licensedUsers}</Fact>}
        <Fact name={t('license.lcCustomer')}>{service.lcCustomer?.name ?? t('lead.none')}</Fact>
        <Fact name={t('lead.channelName')}>{service.channel?.name ?? t('leads.noChannel')}</Fact>
        <Fact name={t('services.originLabel')}>{t(`services.origin.${service.origin}`)}</Fact>
      </Facts>
      <h3 className={styles.section}>{t('services.section.calls')}</h3>
      <Facts>
        <Fact name={t('license.model.label')}>{t(`services.model.${service.model}`)}</Fact>
        <Fact name={t('services.connections')}>{service.connections}</Fact>
        <Fact name={t('services.deploymentLabel')}>
          <Deployment state={service.deployment} />
        </Fact>
        <Fact name={t('license.callingProfile')}>
          {service.callingProfile?.name ?? service.callingProfile?.id ?? t('lead.none')}
        </Fact>
        <Fact name={t('services.usedNumbers')}>{service.usedNumbers.toLocaleString()}</Fact>
      </Facts>
      <h3 className={styles.section}>{t('services.section.ids')}</h3>
      <Facts>
        <Fact name={t('services.id')}>
          <Id text={service.id} what={t('services.id')} />
        </Fact>
        <Fact name={t('lead.tenantId')}>
          <Id text={service.tenantId} what={t('lead.tenantId')} />
        </Fact>
        <Fact name={t('lead.one')}>
          {can('leads.read') ? (
            <Link
              to={paths.tenant}
              params={{ ...params, leadId: service.leadId }}
              search={{ q: service.tenantId }}
              className={`${styles.link}`}
            >
              {t('services.action.openLead')}
            </Link>
          ) : (
            service.leadId
          )}
        </Fact>
        <Fact name={t('services.created')}>
          <RelativeTime instant={service.createdAt} />
        </Fact>
        <Fact name={t('services.changed')}>
          <RelativeTime instant={service.changedAt} />
        </Fact>
      </Facts>
    </>
  )
}

function Id({ text, what }: { text: string; what: string }) {
  return (
    <>
      <span className={styles.id}>{text}</span>
      <CopyButton text={text} what={what} />
    </>
  )
}
