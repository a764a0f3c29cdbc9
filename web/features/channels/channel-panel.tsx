import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  type ChannelChange,
  createChannel,
  deleteChannel,
  updateChannel,
  type WireChannelDetail,
} from '../../api/channels.ts'
import { ApiProblem } from '../../api/problem.ts'
import { viewAs } from '../../api/viewed-channel.ts'
import { paths } from '../../paths.ts'
import { useForgetEverything, useMe, useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Section } from '../../ui/page.tsx'
import { PanelBody, SidePanel } from '../../ui/side-panel.tsx'
import { LoadingRows } from '../../ui/states.tsx'
import { useToast } from '../../ui/toasts.tsx'
import { ChannelCustomers } from './channel-customers.tsx'
import { ChannelForm } from './channel-form.tsx'
import { channelQuery } from './channel-queries.ts'
import { InviteAdministrator } from './invite-administrator.tsx'

type ChannelPanelProps = {
  /** null: a new one. */
  channelId: number | null
  onCreated: (channelId: number) => void
  onClose: () => void
}

/** Makes a channel, or shows one: what it is, its customers, its first administrator, its eyes, its end. */
export function ChannelPanel({ channelId, onCreated, onClose }: ChannelPanelProps) {
  const { t } = useTranslation()
  return channelId === null ? (
    <NewChannel onCreated={onCreated} onClose={onClose} />
  ) : (
    <KnownChannel channelId={channelId} onClose={onClose} unnamed={t('channels.one')} />
  )
}

function NewChannel({ onCreated, onClose }: Pick<ChannelPanelProps, 'onCreated' | 'onClose'>) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const create = useMutation({
    mutationFn: (change: ChannelChange) => createChannel(operatorId, { ...change, name: change.name ?? '' }),
    onSuccess: async (channel) => {
      await queries.invalidateQueries({ queryKey: ['channels', operatorId] })
      onCreated(channel.id)
    },
  })
  return (
    <SidePanel title={t('channels.create')} onClose={onClose} takesFocus={true}>
      <PanelBody label={t('channels.create')}>
        <ProblemNotice error={create.error} />
        <ChannelForm
          channel={undefined}
          isBusy={create.isPending}
          wrong={wrongFields(create.error)}
          onSave={(change) => create.mutate(change)}
        />
      </PanelBody>
    </SidePanel>
  )
}

function KnownChannel({ channelId, onClose, unnamed }: { channelId: number; onClose: () => void; unnamed: string }) {
  const { t } = useTranslation()
  const { operatorId, isWholeOperator, can } = useOperator()
  const channel = useQuery(channelQuery(operatorId, channelId))
  const shown = channel.data?.body
  const title = shown?.name ?? unnamed
  return (
    <SidePanel
      title={title}
      subtitle={<span>{t('channels.number', { id: channelId })}</span>}
      onClose={onClose}
      takesFocus={true}
    >
      <PanelBody label={title}>
        <ProblemNotice error={channel.error} onRetry={() => void channel.refetch()} />
        {channel.isPending && <LoadingRows count={6} />}
        {shown && (
          <>
            <EditChannel channel={shown} tag={channel.data?.tag ?? null} />
            <div style={{ marginTop: 24 }}>
              {can('services.read') && <ChannelCustomers channel={shown} />}
              {isWholeOperator && can('users.manage') && <InviteAdministrator channel={shown} />}
              {isWholeOperator && <ViewAs channel={shown} />}
              {isWholeOperator && <DeleteChannel channel={shown} onDeleted={onClose} />}
            </div>
          </>
        )}
      </PanelBody>
    </SidePanel>
  )
}

function EditChannel({ channel, tag }: { channel: WireChannelDetail; tag: string | null }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const toast = useToast()
  const update = useMutation({
    mutationFn: (change: ChannelChange) => updateChannel(operatorId, channel.id, change, tag),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['channels', operatorId] })
      toast('success', t('channels.saved', { name: channel.name }))
    },
    // Somebody else was faster: the form then begins from what they wrote.
    onError: (error) => {
      if (error instanceof ApiProblem && error.code === 'changed-meanwhile')
        void queries.invalidateQueries({ queryKey: ['channels', operatorId] })
    },
  })
  return (
    <>
      <ProblemNotice error={update.error} />
      <ChannelForm
        key={tag ?? channel.changedAt}
        channel={channel}
        isBusy={update.isPending}
        wrong={wrongFields(update.error)}
        onSave={(change) => update.mutate(change)}
      />
    </>
  )
}

function wrongFields(error: unknown): Map<string, string> {
  return error instanceof ApiProblem ? error.fieldErrors() : new Map()
}

/** An administrator of the carrier looks through the eyes of the channel; a banner says so on every page. */
function ViewAs({ channel }: { channel: WireChannelDetail }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const me = useMe()
  const navigate = useNavigate()
  const forget = useForgetEverything()
  const queries = useQueryClient()
  const view = async () => {
    viewAs({ operatorId, channelId: channel.id, name: channel.name })
    forget()
    queries.setQueryData(['me'], me)
    await navigate({ to: paths.leads, params: { operatorId: String(operatorId) } })
  }
  return (
    <Section title={t('channels.viewAs')} text={t('channels.viewAsText')}>
      <PermittedButton permission="channels.manage" onClick={() => void view()}>
        {t('channels.viewAs')}
      </PermittedButton>
    </Section>
  )
}

function DeleteChannel({ channel, onDeleted }: { channel: WireChannelDetail; onDeleted: () => void }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const toast = useToast()
  const [isAsking, setIsAsking] = useState(false)
  const remove = useMutation({
    mutationFn: () => deleteChannel(operatorId, channel.id),
    onSuccess: async () => {
      toast('success', t('channels.deleted', { name: channel.name }))
      onDeleted()
      await queries.invalidateQueries({ queryKey: ['channels', operatorId] })
    },
  })
  const { people, clients } = channel.holds
  return (
    <Section title={t('channels.delete')} text={t('channels.deleteText')}>
      <PermittedButton
        permission="channels.manage"
        verdict={channel.actions.deleteChannel}
        onClick={() => setIsAsking(true)}
      >
        {t('channels.delete')}
      </PermittedButton>
      {isAsking && (
        <ConfirmDialog
          title={t('channels.deleteAsk', { name: channel.name })}
          action={t('channels.delete')}
          isBusy={remove.isPending}
          onConfirm={() => remove.mutate()}
          onClose={() => setIsAsking(false)}
        >
          <ProblemNotice error={remove.error} />
          <Named error={remove.error} />
          <p>{t('channels.losePeople', { count: people })}</p>
          <p>{t('channels.loseClients', { count: clients })}</p>
          <p>{t('channels.loseForGood')}</p>
        </ConfirmDialog>
      )}
    </Section>
  )
}

/** What keeps it from being deleted, by name. */
function Named({ error }: { error: unknown }) {
  const named = error instanceof ApiProblem && error.code === 'channel-not-empty' ? (error.problem.errors ?? []) : []
  if (named.length === 0) return null
  return (
    <ul style={{ maxHeight: 200, overflow: 'auto' }}>
      {named.map(({ pointer, detail }) => (
        <li key={pointer} dir="auto">
          {detail}
        </li>
      ))}
    </ul>
  )
}
