import { AddRegular } from '@fluentui/react-icons/svg/add'
import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle'
import { PeopleTeamRegular } from '@fluentui/react-icons/svg/people-team'
import { SubtractCircleRegular } from '@fluentui/react-icons/svg/subtract-circle'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { WireChannel } from '../../api/channels.ts'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { Page, PlainTable, RowButton } from '../../ui/page.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { EmptyState, LoadingRows } from '../../ui/states.tsx'
import { StatusPill } from '../../ui/status-pill.tsx'
import { ChannelPanel } from './channel-panel.tsx'
import { channelsQuery } from './channel-queries.ts'

const REFRESH_MS = 15_000

/** The carrier's resellers: what each is, holds and may do. Source: issue 5, 4. */
export function ChannelsPage() {
  const { t } = useTranslation()
  const operator = useOperator()
  const channels = useQuery({ ...channelsQuery(operator.operatorId), refetchInterval: REFRESH_MS })
  const [open, setOpen] = useOpenChannel()
  const create = operator.isWholeOperator && (
    <PermittedButton
      appearance="primary"
      icon={<AddRegular />}
      permission="channels.manage"
      onClick={() => setOpen('new')}
    >
      {t('channels.create')}
    </PermittedButton>
  )
  return (
    <div style={{ display: 'flex', flex: 1, minHeight: 0 }}>
      <Page title={t('navigation.channels')} text={t('channels.text')} actions={create}>
        <ProblemNotice error={channels.error} onRetry={() => void channels.refetch()} />
        {channels.isPending && <LoadingRows count={4} />}
        {channels.data?.length === 0 && (
          <EmptyState icon={<PeopleTeamRegular />} title={t('channels.none')} action={create}>
            {t('channels.text')}
          </EmptyState>
        )}
        {channels.data && channels.data.length > 0 && <ChannelTable channels={channels.data} onOpen={setOpen} />}
      </Page>
      {open !== null && (
        <ChannelPanel
          key={open}
          channelId={open === 'new' ? null : open}
          onCreated={setOpen}
          onClose={() => setOpen(null)}
        />
      )}
    </div>
  )
}

/** The channel whose panel is open is in the address. */
function useOpenChannel(): [number | 'new' | null, (channel: number | 'new' | null) => void] {
  const { channel } = getRouteApi('/operators/$operatorId/channels').useSearch()
  const { operatorId } = useOperator()
  const navigate = useNavigate()
  const open = channel === undefined ? null : channel === 'new' ? channel : Number(channel)
  const setOpen = (next: number | 'new' | null) =>
    void navigate({
      to: paths.channels,
      params: { operatorId: String(operatorId) },
      search: next === null ? {} : { channel: String(next) },
    })
  return [open, setOpen]
}

function ChannelTable({ channels, onOpen }: { channels: WireChannel[]; onOpen: (channelId: number) => void }) {
  const { t } = useTranslation()
  return (
    <PlainTable label={t('navigation.channels')}>
      <thead>
        <tr>
          <th scope="col">{t('channels.name')}</th>
          <th scope="col">{t('channels.id')}</th>
          <th scope="col">{t('channels.leads')}</th>
          <th scope="col">{t('channels.customers')}</th>
          <th scope="col">{t('channels.people')}</th>
          <th scope="col">{t('channels.operatorConnect')}</th>
          <th scope="col">{t('channels.changed')}</th>
        </tr>
      </thead>
      <tbody>
        {channels.map((channel) => (
          <tr key={channel.id}>
            <th scope="row">
              <RowButton onClick={() => onOpen(channel.id)}>{channel.name}</RowButton>
              {channel.description && <small dir="auto">{channel.description}</small>}
            </th>
            <td>{channel.id}</td>
            <td>{channel.holds.leads.toLocaleString()}</td>
            <td>{customersText(channel, t('channels.noLimit'))}</td>
            <td>{channel.holds.people}</td>
            <td>
              <SellsOperatorConnect isOn={channel.operatorConnectEnabled} />
            </td>
            <td>
              <RelativeTime instant={channel.changedAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </PlainTable>
  )
}

function customersText({ holds, maxCustomers }: WireChannel, noLimit: string): string {
  return `${holds.customers} / ${maxCustomers === 0 ? noLimit : maxCustomers}`
}

function SellsOperatorConnect({ isOn }: { isOn: boolean }) {
  const { t } = useTranslation()
  return isOn ? (
    <StatusPill tone="good" icon={<CheckmarkCircleRegular />}>
      {t('channels.enabled')}
    </StatusPill>
  ) : (
    <StatusPill tone="quiet" icon={<SubtractCircleRegular />}>
      {t('channels.disabled')}
    </StatusPill>
  )
}
