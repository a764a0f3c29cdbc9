import { Button } from '@fluentui/react-components'
import { AddRegular } from '@fluentui/react-icons/svg/add'
import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle'
import { KeyRegular } from '@fluentui/react-icons/svg/key'
import { SubtractCircleRegular } from '@fluentui/react-icons/svg/subtract-circle'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listClients, type WireClient } from '../../api/clients.ts'
import { useChannelName } from '../../shell/channel-field.tsx'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Page, PlainTable, RowButton } from '../../ui/page.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { EmptyState, LoadingRows } from '../../ui/states.tsx'
import { StatusPill } from '../../ui/status-pill.tsx'
import { ClientPanel } from './client-panel.tsx'

/** Programs that use the API: who they are, what they may, when they were last seen. Source: issue 3, 1. */
export function ClientsPage() {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const clients = useQuery({
    queryKey: ['clients', operatorId],
    queryFn: ({ signal }) => listClients(operatorId, signal),
    refetchInterval: 15_000,
  })
  const [open, setOpen] = useState<string | 'new' | null>(null)
  const create = (
    <Button appearance="primary" icon={<AddRegular />} onClick={() => setOpen('new')}>
      {t('clients.create')}
    </Button>
  )
  return (
    <div style={{ display: 'flex', flex: 1, minHeight: 0 }}>
      <Page title={t('navigation.clients')} text={t('clients.text')} actions={create}>
        <ProblemNotice error={clients.error} onRetry={() => void clients.refetch()} />
        {clients.isPending && <LoadingRows count={4} />}
        {clients.data?.length === 0 && (
          <EmptyState icon={<KeyRegular />} title={t('clients.none')} action={create}>
            {t('clients.text')}
          </EmptyState>
        )}
        {clients.data && clients.data.length > 0 && (
          <PlainTable label={t('navigation.clients')}>
            <thead>
              <tr>
                <th scope="col">{t('clients.name')}</th>
                <th scope="col">{t('clients.id')}</th>
                <th scope="col">{t('clients.scope')}</th>
                <th scope="col">{t('clients.permissions')}</th>
                <th scope="col">{t('clients.lastUsed')}</th>
                <th scope="col">{t('clients.state')}</th>
              </tr>
            </thead>
            <tbody>
              {clients.data.map((client) => (
                <ClientRow key={client.clientId} client={client} onOpen={() => setOpen(client.clientId)} />
              ))}
            </tbody>
          </PlainTable>
        )}
      </Page>
      {open !== null && (
        <ClientPanel
          key={open}
          client={clients.data?.find(({ clientId }) => clientId === open)}
          onClose={() => setOpen(null)}
        />
      )}
    </div>
  )
}

function ClientRow({ client, onOpen }: { client: WireClient; onOpen: () => void }) {
  const { t } = useTranslation()
  const channelName = useChannelName(client.channelId)
  return (
    <tr>
      <th scope="row">
        <RowButton onClick={onOpen}>{client.name}</RowButton>
      </th>
      <td style={{ whiteSpace: 'nowrap' }}>
        <code>{client.clientId}</code>
        <CopyButton text={client.clientId} what={t('clients.id')} />
      </td>
      <td>{channelName || t('clients.wholeOperator')}</td>
      <td>{t('clients.permissionCount', { count: client.permissions.length })}</td>
      <td>{client.lastUsedAt ? <RelativeTime instant={client.lastUsedAt} /> : t('clients.never')}</td>
      <td>
        {client.revokedAt === null ? (
          <StatusPill tone="good" icon={<CheckmarkCircleRegular />}>
            {t('clients.works')}
          </StatusPill>
        ) : (
          <StatusPill tone="quiet" icon={<SubtractCircleRegular />}>
            {t('clients.revoked')}
          </StatusPill>
        )}
      </td>
    </tr>
  )
}
