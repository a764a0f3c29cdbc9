import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components'
import type { FormEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './form-dialog.module.css'
import { ProblemNotice } from './problem-notice.tsx'

type FormDialogProps = {
  title: ReactNode
  /** The fields. */
  children: ReactNode
  /** The verb on the button. */
  action: string
  /** Pixels, at most. */
  width: number
  /** What is typed can be sent, and nothing is on its way. */
  isReady: boolean
  /** What came of the last try; null: nothing, or it is told beside the fields. */
  error: unknown
  onSubmit: () => void
  onClose: () => void
}

/** Something to be typed and sent. Enter sends it; a click beside it must not lose what was typed. */
export function FormDialog(props: FormDialogProps) {
  const { title, children, action, width, isReady, error, onSubmit, onClose } = props
  const { t } = useTranslation()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady) onSubmit()
  }
  return (
    <Dialog open onOpenChange={(_, { open, type }) => !open && type !== 'backdropClick' && onClose()}>
      <DialogSurface style={{ maxWidth: width }}>
        <form onSubmit={submit} noValidate>
          <DialogBody>
            <DialogTitle>{title}</DialogTitle>
            <DialogContent className={`${styles.form}`}>
              {children}
              <ProblemNotice error={error} />
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t('form.cancel')}</Button>
              <Button type="submit" appearance="primary" disabledFocusable={!isReady}>
                {action}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  )
}
