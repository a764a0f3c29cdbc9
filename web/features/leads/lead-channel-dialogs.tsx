import {
  Button,
  Combobox,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Option,
} from '@fluentui/react-components'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { removeLeadChannel, setLeadChannel } from '../../api/channels.ts'
import type { DeskLead } from '../../api/leads.ts'
import { channelsQuery } from '../../api/queries.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { useToast } from '../../ui/toasts.tsx'
import { useWatched, Watched } from '../../ui/watched.ts'

type ChannelDialog = { kind: 'change' | 'remove'; lead: DeskLead }

/** Outside the menu that opens it, which is gone by then. */
const openDialog = new Watched<ChannelDialog | null>(null)

export function askForChannel(kind: ChannelDialog['kind'], lead: DeskLead): void {
  openDialog.set({ kind, lead })
}

/** "Change Channel Partner" and "Remove Attached Channel" of seed 000; once in the page. */
export function LeadChannelDialogs() {
  const dialog = useWatched(openDialog)
  if (!dialog) return null
  const close = () => openDialog.set(null)
  return dialog.kind === 'change' ? (
    <ChangeDialog lead={dialog.lead} onClose={close} />
  ) : (
    <RemoveDialog lead={dialog.lead} onClose={close} />
  )
}

type LeadDialogProps = { lead: DeskLead; onClose: () => void }

function useAfterMove(onClose: () => void): (words: string) => Promise<void> {
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const toast = useToast()
  return async (words) => {
    toast('success', words)
    onClose()
    for (const key of ['leads', 'lead', 'channels']) await queries.invalidateQueries({ queryKey: [key, operatorId] })
  }
}

function ChangeDialog({ lead, onClose }: LeadDialogProps) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const channels = useQuery(channelsQuery(operatorId))
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState<number | null>(null)
  const moved = useAfterMove(onClose)
  const change = useMutation({
    mutationFn: (channelId: number) => setLeadChannel(operatorId, lead.id, channelId),
    onSuccess: ({ channel }) => moved(t('channels.given', { company: nameOf(lead), name: channel?.name ?? '' })),
  })
  const others = (channels.data ?? []).filter(({ id }) => id !== lead.channel?.id)
  const wanted = text.trim().toLowerCase()
  const isTyped = others.every(({ name }) => name !== text)
  const offered = isTyped ? others.filter(({ name }) => name.toLowerCase().includes(wanted)) : others
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface style={{ maxWidth: 480 }}>
        <DialogBody>
          <DialogTitle>{t('leads.changeChannelPartner')}</DialogTitle>
          <DialogContent>
            <ProblemNotice error={change.error ?? channels.error} />
            <p dir="auto">
              {lead.channel
                ? t('channels.changeFrom', { company: nameOf(lead), name: lead.channel.name })
                : t('channels.changeFromNone', { company: nameOf(lead) })}
            </p>
            <Field label={t('channels.one')} required>
              <Combobox
                value={text}
                placeholder={t('channels.choose')}
                onChange={(event) => {
                  setText(event.target.value)
                  setChosen(null)
                }}
                onOptionSelect={(_, { optionValue, optionText }) => {
                  setChosen(optionValue === undefined ? null : Number(optionValue))
                  setText(optionText ?? '')
                }}
              >
                {offered.map(({ id, name, actions }) => (
                  <Option key={id} value={String(id)} text={name} disabled={!actions.assignLeads.allowed}>
                    {actions.assignLeads.allowed ? name : `${name}: ${actions.assignLeads.reason ?? ''}`}
                  </Option>
                ))}
              </Combobox>
            </Field>
            <p>{t('channels.changeText')}</p>
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

function RemoveDialog({ lead, onClose }: LeadDialogProps) {
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
    </ConfirmDialog>
  )
}

const nameOf = (lead: DeskLead) => lead.companyName || lead.tenantId
