import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { setLeadDue, setLeadOwner } from '../../api/lead-owners.ts'
import type { DeskLead } from '../../api/leads.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { dayAndTimeText } from '../../ui/dates.ts'
import { useToast } from '../../ui/toasts.tsx'
import { DueFields, readDue, typedDue } from './due-fields.tsx'
import desk from './lead-desk.module.css'
import { useLeadRefresh } from './lead-refresh.ts'
import { type ChosenOwner, OwnerChoice } from './owner-choice.tsx'

type LeadDialogProps = { lead: DeskLead; onClose: () => void }

/** Who sees to the lead. */
export function OwnerDialog({ lead, onClose }: LeadDialogProps) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const [chosen, setChosen] = useState<ChosenOwner>(undefined)
  const refresh = useLeadRefresh()
  const toast = useToast()
  const company = nameOf(lead)
  const save = useMutation({
    mutationFn: (ownerId: string | null) => setLeadOwner(operatorId, lead.id, ownerId),
    onSuccess: async ({ owner }) => {
      const words = owner
        ? t('leadDuty.saved', { company, name: owner.name ?? t('leadDuty.carrier') })
        : t('leadDuty.savedNobody', { company })
      toast('success', words)
      onClose()
      await refresh()
    },
  })
  return (
    <DutyDialog
      title={t('leadDuty.ask', { company })}
      isReady={chosen !== undefined && !save.isPending}
      error={save.error}
      onSave={() => chosen !== undefined && save.mutate(chosen)}
      onClose={onClose}
    >
      <OwnerChoice lead={lead} onChoose={setChosen} />
    </DutyDialog>
  )
}

/** Until when the lead is to be judged. */
export function DueDialog({ lead, onClose }: LeadDialogProps) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const [typed, setTyped] = useState(() => typedDue(lead.due?.overdue === false ? lead.due.at : null))
  const refresh = useLeadRefresh()
  const toast = useToast()
  const company = nameOf(lead)
  const dueAt = readDue(typed)
  const save = useMutation({
    mutationFn: (at: string | null) => setLeadDue(operatorId, lead.id, at),
    onSuccess: async ({ due }) => {
      const words = due
        ? t('leadDuty.savedDue', { company, when: dayAndTimeText(new Date(due.at)) })
        : t('leadDuty.savedNoDue', { company })
      toast('success', words)
      onClose()
      await refresh()
    },
  })
  return (
    <DutyDialog
      title={t('leadDuty.askDue', { company })}
      isReady={dueAt !== undefined && !save.isPending}
      error={save.error}
      onSave={() => dueAt !== undefined && save.mutate(dueAt)}
      onClose={onClose}
    >
      <DueFields typed={typed} onChange={setTyped} />
    </DutyDialog>
  )
}

type DutyDialogProps = {
  title: string
  isReady: boolean
  error: Error | null
  onSave: () => void
  onClose: () => void
  children: ReactNode
}

function DutyDialog({ title, isReady, error, onSave, onClose, children }: DutyDialogProps) {
  const { t } = useTranslation()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady) onSave()
  }
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface style={{ maxWidth: 480 }}>
        <form onSubmit={submit} noValidate>
          <DialogBody>
            <DialogTitle>{title}</DialogTitle>
            <DialogContent className={`${desk.form}`}>
              {children}
              <ProblemNotice error={error} />
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t('form.cancel')}</Button>
              <Button type="submit" appearance="primary" disabledFocusable={!isReady}>
                {t('leadDuty.save')}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  )
}

const nameOf = (lead: DeskLead) => lead.companyName || lead.tenantId
