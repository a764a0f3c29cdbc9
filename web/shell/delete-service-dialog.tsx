import {
  Button,
  Checkbox,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  Textarea,
} from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { deleteService, previewDeletion, type WireService, type WireServiceDeletion } from '../api/services.ts'
import { LoadingRows } from '../ui/states.tsx'
import { FollowedTask } from './followed-task.tsx'
import { useOperator } from './operator.ts'
import { ProblemNotice } from './problem-notice.tsx'
import '../words/en-services.ts'
import styles from './service-dialog.module.css'
import { useServiceTask } from './use-service-task.ts'

const REASON_MAX = 1_000

/** "Delete Customer": what is lost, the short name once more, then the task, which ends with a report. Source: issue 7, 4. */
export function DeleteServiceDialog({
  service,
  onClose,
}: {
  service: Pick<WireService, 'id' | 'shortName' | 'fullName'>
  onClose: () => void
}) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const [typed, setTyped] = useState('')
  const [isTerminating, setIsTerminating] = useState(false)
  const [reason, setReason] = useState('')
  const preview = useQuery({
    queryKey: ['service-deletion', operatorId, service.id],
    queryFn: ({ signal }) => previewDeletion(operatorId, service.id, signal),
    staleTime: 0,
    gcTime: 0,
  })
  const remove = useServiceTask(
    (id) =>
      deleteService(id, service.id, {
        shortName: typed.trim(),
        ...(isTerminating && { terminateContract: { reason: reason.trim() } }),
      }),
    () => undefined,
  )
  const isReady =
    preview.data?.allowed === true &&
    typed.trim() === service.shortName &&
    (!isTerminating || (reason.trim() !== '' && reason.trim().length <= REASON_MAX)) &&
    !remove.isPending
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady && !remove.data) remove.mutate()
  }
  return (
    <Dialog open modalType="alert" onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface style={{ maxWidth: 560 }}>
        <form onSubmit={submit} noValidate>
          <DialogBody>
            <DialogTitle>
              {t(remove.data ? 'services.delete.going' : 'services.delete.ask', { name: service.fullName })}
            </DialogTitle>
            <DialogContent className={`${styles.form}`}>
              {remove.data ? (
                <FollowedTask taskId={remove.data.id} onLeave={onClose} />
              ) : (
                <>
                  <ProblemNotice error={preview.error} onRetry={() => void preview.refetch()} />
                  {preview.isPending && <LoadingRows count={4} />}
                  {preview.data && <Losses deletion={preview.data} />}
                  <Checkbox
                    label={t('services.delete.terminate')}
                    checked={isTerminating}
                    onChange={(_, { checked }) => setIsTerminating(checked === true)}
                  />
                  {isTerminating && (
                    <Field
                      label={t('services.delete.reason')}
                      required
                      hint={t('services.delete.reasonHint')}
                      {...(reason.trim().length > REASON_MAX && { validationState: 'error' as const })}
                    >
                      <Textarea
                        value={reason}
                        resize="vertical"
                        textarea={{ dir: 'auto' }}
                        onChange={(_, { value }) => setReason(value)}
                      />
                    </Field>
                  )}
                  <Field label={t('services.delete.again', { shortName: service.shortName })} required>
                    <Input
                      value={typed}
                      autoComplete="off"
                      spellCheck={false}
                      onChange={(_, { value }) => setTyped(value)}
                    />
                  </Field>
                  <ProblemNotice error={remove.error} />
                </>
              )}
            </DialogContent>
            <DialogActions>
              <Button autoFocus onClick={onClose}>
                {t(remove.data ? 'license.close' : 'form.cancel')}
              </Button>
              {!remove.data && (
                <Button type="submit" appearance="primary" disabledFocusable={!isReady}>
                  {t(remove.isPending ? 'services.delete.starting' : 'services.delete.action')}
                </Button>
              )}
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  )
}

function Losses({ deletion: { reasons, lost, numbersAtMicrosoft } }: { deletion: WireServiceDeletion }) {
  const { t } = useTranslation()
  return (
    <>
      {reasons.length > 0 && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{t('license.inTheWay')}</MessageBarTitle>
            <ul className={styles.losses}>
              {reasons.map((reason) => (
                <li key={reason}>{reason}</li>
              ))}
            </ul>
          </MessageBarBody>
        </MessageBar>
      )}
      <div>
        <p>{t('services.delete.lost')}</p>
        <ul className={styles.losses}>
          {lost.map(({ kind, text }) => (
            <li key={`${kind} ${text}`}>
              {kind === 'sip-connections' ? `${t('services.connections')}: ${text}` : text}
            </li>
          ))}
        </ul>
        {numbersAtMicrosoft === null && <p>{t('services.delete.numbersUnknown')}</p>}
        <p>{t('services.delete.back')}</p>
      </div>
    </>
  )
}
