import { AddRegular } from '@fluentui/react-icons/svg/add'
import { useTranslation } from 'react-i18next'
import type { WireServiceDetail, WireSipConnection } from '../../api/services.ts'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Fact, Facts } from '../../ui/states.tsx'
import { serviceAsked } from './service-asked.ts'
import { Deployment } from './service-states.tsx'
import styles from './services.module.css'

/** The SIP connections of a service, and what each has on its SBC. */
export function ServiceConnections({ service }: { service: WireServiceDetail }) {
  const { t } = useTranslation()
  const { isWholeOperator } = useOperator()
  const carrierOnly = { allowed: false, reason: t('services.carrierOnly') }
  return (
    <>
      <p className={styles.note}>{t('services.connection.text')}</p>
      {service.sipConnections.map((connection) => (
        <Connection key={connection.id} service={service} connection={connection} />
      ))}
      <PermittedButton
        icon={<AddRegular />}
        permission="services.write"
        verdict={isWholeOperator ? service.actions.addConnection : carrierOnly}
        onClick={() => serviceAsked.set({ kind: 'addConnection', service })}
      >
        {t('services.action.addConnection')}
      </PermittedButton>
    </>
  )
}

function Connection({ service, connection }: { service: WireServiceDetail; connection: WireSipConnection }) {
  const { t } = useTranslation()
  const { isWholeOperator } = useOperator()
  const { actions } = connection
  const values: [string, string | null][] = [
    [t('license.sbc'), connection.sbc ? (connection.sbc.name ?? String(connection.sbc.id)) : null],
    [t('license.field.proxySet'), connection.proxySet],
    [t('license.field.cacProfile'), connection.cacProfile],
    [t('license.field.carrierHostName'), connection.carrierHostName],
    [t('license.field.carrierMainLine'), connection.carrierMainLine],
    [t('license.field.carrierUserName'), connection.carrierUserName],
    [t('license.field.carrierPassword'), connection.hasCarrierPassword ? t('services.connection.sealed') : null],
    ...Object.entries(connection.variables),
  ]
  return (
    <section className={styles.card}>
      <div className={styles.cardHead}>
        <h3 dir="auto">{connection.name}</h3>
        <Deployment state={connection.deployment} />
      </div>
      {connection.deploymentDetail && <p className={styles.note}>{connection.deploymentDetail}</p>}
      <Facts>
        <Fact name={t('license.model.label')}>{t(`services.model.${connection.model}`)}</Fact>
        {values.map(([name, value]) =>
          value === null ? null : (
            <Fact key={name} name={name}>
              {value}
            </Fact>
          ),
        )}
        <Fact name={t('services.changed')}>
          <RelativeTime instant={connection.changedAt} />
        </Fact>
      </Facts>
      <div className={styles.cardActions}>
        <PermittedButton
          size="small"
          permission="services.write"
          verdict={actions.change}
          onClick={() => serviceAsked.set({ kind: 'changeConnection', service, connection })}
        >
          {t('services.connection.change')}
        </PermittedButton>
        {isWholeOperator && (
          <PermittedButton
            size="small"
            permission="services.write"
            verdict={actions.delete}
            onClick={() => serviceAsked.set({ kind: 'removeConnection', service, connection })}
          >
            {t('services.connection.remove')}
          </PermittedButton>
        )}
      </div>
    </section>
  )
}
