import { Field, Textarea } from '@fluentui/react-components'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { barService, unbarService, type WireService } from '../../api/services.ts'
import { FormDialog } from '../../shell/form-dialog.tsx'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { useServiceTask } from '../../shell/use-service-task.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'

const REASON_MAX = 1_000
type BarProps = { service: WireService; onClose: () => void }

export function BarDialog({ service, onClose }: BarProps) {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const bar = useServiceTask((id) => barService(id, service.id, reason.trim()), onClose)
  const isReady = reason.trim() !== '' && reason.trim().length <= REASON_MAX && !bar.isPending
  return (
    <FormDialog
      title={t('services.bar.ask', { name: service.fullName })}
      action={t('services.action.bar')}
      width={520}
      isReady={isReady}
      error={bar.error}
      onSubmit={() => bar.mutate()}
      onClose={onClose}
    >
      <p>{t('services.bar.text')}</p>
      <Field label={t('services.bar.reason')} required hint={t('services.bar.reasonHint')}>
        <Textarea
          value={reason}
          resize="vertical"
          textarea={{ dir: 'auto' }}
          onChange={(_, { value }) => setReason(value)}
        />
      </Field>
    </FormDialog>
  )
}

export function UnbarDialog({ service, onClose }: BarProps) {
  const { t } = useTranslation()
  const unbar = useServiceTask((id) => unbarService(id, service.id), onClose)
  return (
    <ConfirmDialog
      title={t('services.unbar.ask', { name: service.fullName })}
      action={t('services.action.unbar')}
      isBusy={unbar.isPending}
      onConfirm={() => unbar.mutate()}
      onClose={onClose}
    >
      <ProblemNotice error={unbar.error} />
      <p>{t('services.unbar.text')}</p>
    </ConfirmDialog>
  )
}
