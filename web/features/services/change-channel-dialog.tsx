import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { removeLeadChannel, setLeadChannel } from '../../api/channels.ts'
import type { WireService } from '../../api/services.ts'
import { ChannelField, useChannelName } from '../../shell/channel-field.tsx'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
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
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady) change.mutate()
  }
  return (
    <Dialog open onOpenChange={(_, { open, type }) => !open && type !== 'backdropClick' && onClose()}>
      <DialogSurface style={{ maxWidth: 480 }}>
        <form onSubmit={submit} noValidate>
          <DialogBody>
            <DialogTitle>{t('services.action.channel')}</DialogTitle>
            <DialogContent className={`${styles.form}`}>
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
              <ProblemNotice error={change.error} />
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t('form.cancel')}</Button>
              <Button type="submit" appearance="primary" disabledFocusable={!isReady}>
                {t(change.isPending ? 'form.saving' : 'services.channel.give')}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  )
}
