import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { removeLeadChannel, setLeadChannel } from '../../api/channels.ts'
import type { WireService } from '../../api/services.ts'
import { ChannelField, useChannelName } from '../../shell/channel-field.tsx'
import { FormDialog } from '../../shell/form-dialog.tsx'
import { useOperator } from '../../shell/operator.ts'
import { useServiceRefresh } from '../../shell/service-refresh.ts'
import { useToast } from '../../ui/toasts.tsx'
import styles from './services.module.css'

/** Another channel, or none: with the service go its lead and its LC customer. Source: issue 7, 4. */
export function ChangeChannelDialog({ service, onClose }: { service: WireService; onClose: () => void }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const refresh = useServiceRefresh()
  const toast = useToast()
  const before = service.channel?.id ?? null
  const [channelId, setChannelId] = useState(before)
  const name = service.fullName
  const channel = useChannelName(channelId)
  const change = useMutation({
    mutationFn: () =>
      channelId === null
        ? removeLeadChannel(operatorId, service.leadId)
        : setLeadChannel(operatorId, service.leadId, channelId),
    onSuccess: () => {
      toast(
        'success',
        channelId === null ? t('services.channel.taken', { name }) : t('services.channel.given', { name, channel }),
      )
      onClose()
      return Promise.all([refresh(operatorId), queries.invalidateQueries({ queryKey: ['channels', operatorId] })])
    },
  })
  const isReady = channelId !== before && !change.isPending
  return (
    <FormDialog
      title={t('services.action.channel')}
      action={t(change.isPending ? 'form.saving' : 'services.channel.give')}
      width={480}
      isReady={isReady}
      error={change.error}
      onSubmit={() => change.mutate()}
      onClose={onClose}
    >
      <p dir="auto">
        {service.channel
          ? t('services.channel.now', { name, channel: service.channel.name })
          : t('services.channel.none', { name })}
      </p>
      <ChannelField
        channelId={channelId}
        onChange={setChannelId}
        {...(before !== null && { hint: t('services.channel.hint') })}
      />
      <p className={styles.note}>{t('services.channel.text')}</p>
    </FormDialog>
  )
}
