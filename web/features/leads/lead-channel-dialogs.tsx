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
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { removeLeadChannel, setLeadChannel } from '../../api/channels.ts'
import type { DeskLead } from '../../api/leads.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { useToast } from '../../ui/toasts.tsx'
import { ChannelChoice } from './channel-choice.tsx'
import desk from './lead-desk.module.css'
import { useLeadRefresh } from './lead-refresh.ts'
import { useLeadsOfTenant } from './lead-siblings.tsx'

type LeadDialogProps = { lead: DeskLead; onClose: () => void }

function useAfterMove(onClose: () => void): (words: string) => Promise<void> {
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const refresh = useLeadRefresh()
  const toast = useToast()
  return async (words) => {
    toast('success', words)
    onClose()
    await Promise.all([refresh(), queries.invalidateQueries({ queryKey: ['channels', operatorId] })])
  }
}

/** "Change Channel Partner" of seed 000; the other leads of the tenant go along. */
export function ChangeChannelDialog({ lead, onClose }: LeadDialogProps) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const [chosen, setChosen] = useState<number | null>(null)
  const moved = useAfterMove(onClose)
  const change = useMutation({
    mutationFn: (channelId: number) => setLeadChannel(operatorId, lead.id, channelId),
    onSuccess: ({ channel }) => moved(t('channels.given', { company: nameOf(lead), name: channel?.name ?? '' })),
  })
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface style={{ maxWidth: 480 }}>
        <DialogBody>
          <DialogTitle>{t('leads.changeChannelPartner')}</DialogTitle>
          <DialogContent>
            <ProblemNotice error={change.error} />
            <p dir="auto">
              {lead.channel
                ? t('channels.changeFrom', { company: nameOf(lead), name: lead.channel.name })
                : t('channels.changeFromNone', { company: nameOf(lead) })}
            </p>
            <ChannelChoice exceptId={lead.channel?.id ?? null} onChoose={setChosen} />
            <p>{t('channels.changeText')}</p>
            <Companions lead={lead} stays={({ actions }) => actions.changeChannelPartner?.allowed === false} />
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{t('form.cancel')}</Button>
            <Button
              appearance="primary"
              disabledFocusable={chosen === null || change.isPending}
              onClick={() => chosen !== null && change.mutate(chosen)}
            >
              {t('channels.give')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  )
}

/** "Remove Attached Channel" of seed 000; the other leads of the tenant go along. */
export function RemoveChannelDialog({ lead, onClose }: LeadDialogProps) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const moved = useAfterMove(onClose)
  const name = lead.channel?.name ?? ''
  const remove = useMutation({
    mutationFn: () => removeLeadChannel(operatorId, lead.id),
    onSuccess: () => moved(t('channels.taken', { company: nameOf(lead), name })),
  })
  return (
    <ConfirmDialog
      title={t('leads.removeAttachedChannel')}
      action={t('channels.removeAction')}
      isBusy={remove.isPending}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <ProblemNotice error={remove.error} />
      {t('channels.removeText', { company: nameOf(lead), name })}
      <Companions lead={lead} stays={({ channel }) => channel === null} />
    </ConfirmDialog>
  )
}

/** One customer, one channel: says which other leads of the tenant move too, and which cannot. */
function Companions({ lead, stays }: { lead: DeskLead; stays: (other: DeskLead) => boolean }) {
  const { t } = useTranslation()
  const others = (useLeadsOfTenant(lead.tenantId).data ?? []).filter(({ id }) => id !== lead.id)
  if (others.length === 0) return null
  const moving = others.filter((other) => !stays(other)).length
  const staying = others.length - moving
  return (
    <p role="status" className={desk.pairNote}>
      {moving > 0 && t('leadDesk.pair.moveToo', { count: moving })}{' '}
      {staying > 0 && t('leadDesk.pair.stay', { count: staying })}
    </p>
  )
}

const nameOf = (lead: DeskLead) => lead.companyName || lead.tenantId
