import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Textarea,
} from '@fluentui/react-components'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { barService, unbarService, type WireService } from '../../api/services.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { useServiceTask } from '../../shell/use-service-task.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import styles from './services.module.css'

const REASON_MAX = 1_000
type BarProps = { service: WireService; onClose: () => void }

export function BarDialog({ service, onClose }: BarProps) {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const bar = useServiceTask((id) => barService(id, service.id, reason.trim()), onClose)
  const isReady = reason.trim() !== '' && reason.trim().length <= REASON_MAX && !bar.isPending
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady) bar.mutate()
  }
  return (
    <Dialog open modalType="alert" onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface style={{ maxWidth: 520 }}>
        <form onSubmit={submit} noValidate>
          <DialogBody>
            <DialogTitle>{t('services.bar.ask', { name: service.fullName })}</DialogTitle>
            <DialogContent className={`${styles.form}`}>
              <p>{t('services.bar.text')}</p>
              <Field label={t('services.bar.reason')} required hint={t('services.bar.reasonHint')}>
                <Textarea
                  value={reason}
                  resize="vertical"
                  textarea={{ dir: 'auto' }}
                  onChange={(_, { value }) => setReason(value)}
                />
              </Field>
              <ProblemNotice error={bar.error} />
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t('form.cancel')}</Button>
              <Button type="submit" appearance="primary" disabledFocusable={!isReady}>
                {t('services.action.bar')}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
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
