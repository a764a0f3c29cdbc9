import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
} from '@fluentui/react-components'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { WireAdvancedSettings } from '../../api/licenses.ts'
import { ApiProblem } from '../../api/problem.ts'
import {
  addSipConnection,
  changeSipConnection,
  removeSipConnection,
  type SipConnectionChange,
  type WireService,
  type WireSipConnection,
} from '../../api/services.ts'
import { AdvancedSettings, useAdvancedChoices } from '../../shell/advanced-settings.tsx'
import { askedVariables, emptyAdvanced, readAdvanced } from '../../shell/advanced-values.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { useServiceTask } from '../../shell/use-service-task.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Fields } from '../../ui/page.tsx'
import styles from './services.module.css'

type AddProps = { service: WireService; onClose: () => void }

/** A further site of the customer, with IP groups of its own. */
export function AddConnectionDialog({ service, onClose }: AddProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(emptyAdvanced)
  const { templates } = useAdvancedChoices()
  const add = useServiceTask<WireAdvancedSettings>(
    (id, settings) => addSipConnection(id, service.id, settings),
    onClose,
  )
  const read = readAdvanced(typed, askedVariables(typed, templates))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (read && !add.isPending) add.mutate(read)
  }
  return (
    // A click beside it must not lose what was typed.
    <Dialog open onOpenChange={(_, { open, type }) => !open && type !== 'backdropClick' && onClose()}>
      <DialogSurface style={{ maxWidth: 760 }}>
        <form onSubmit={submit} noValidate>
          <DialogBody>
            <DialogTitle>{t('services.connection.addTitle', { name: service.fullName })}</DialogTitle>
            <DialogContent className={`${styles.form}`}>
              <AdvancedSettings typed={typed} wrong={wrongFields(add.error)} onChange={setTyped} />
              <ProblemNotice error={add.error} />
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t('form.cancel')}</Button>
              <Button type="submit" appearance="primary" disabledFocusable={!read || add.isPending}>
                {t('services.action.addConnection')}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  )
}

const changeable = [
  'connectionName',
  'proxySet',
  'cacProfile',
  'carrierHostName',
  'carrierMainLine',
  'carrierUserName',
  'carrierPassword',
] as const
type Changeable = (typeof changeable)[number]

type ConnectionProps = { connection: WireSipConnection; onClose: () => void }

/** Takes its objects off the SBC and makes them as they shall be. What is not known here stays as it is unless typed. */
export function ChangeConnectionDialog({ connection, onClose }: ConnectionProps) {
  const { t } = useTranslation()
  const [before] = useState(() => valuesOf(connection))
  const [typed, setTyped] = useState(before)
  const change = useServiceTask<SipConnectionChange>((id, asked) => changeSipConnection(id, connection, asked), onClose)
  const changed = changeable.filter((field) => typed[field].trim() !== before[field])
  const asked = Object.fromEntries(changed.map((field) => [field, typed[field].trim() || null])) as SipConnectionChange
  const isReady = changed.length > 0 && !change.isPending
  const wrong = wrongFields(change.error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady) change.mutate(asked)
  }
  return (
    <Dialog open onOpenChange={(_, { open, type }) => !open && type !== 'backdropClick' && onClose()}>
      <DialogSurface style={{ maxWidth: 680 }}>
        <form onSubmit={submit} noValidate>
          <DialogBody>
            <DialogTitle>{t('services.connection.changeTitle', { name: connection.name })}</DialogTitle>
            <DialogContent className={`${styles.form}`}>
              <p>{t('services.connection.changeText')}</p>
              <Fields>
                {changeable.map((field) => (
                  <Field
                    key={field}
                    label={t(`license.field.${field}`)}
                    hint={
                      field === 'carrierPassword' && connection.hasCarrierPassword
                        ? t('services.connection.keepsPassword')
                        : t(`license.hint.${field}` as 'license.hint.proxySet', { defaultValue: '' }) || null
                    }
                    {...(wrong.has(field) && {
                      validationState: 'error' as const,
                      validationMessage: wrong.get(field) ?? '',
                    })}
                  >
                    <Input
                      value={typed[field]}
                      type={field === 'carrierPassword' ? 'password' : 'text'}
                      autoComplete={field === 'carrierPassword' ? 'new-password' : 'off'}
                      spellCheck={false}
                      onChange={(_, { value }) => setTyped({ ...typed, [field]: value })}
                    />
                  </Field>
                ))}
              </Fields>
              <ProblemNotice error={change.error} />
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t('form.cancel')}</Button>
              <Button type="submit" appearance="primary" disabledFocusable={!isReady}>
                {t('services.connection.change')}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  )
}

function valuesOf(connection: WireSipConnection): Record<Changeable, string> {
  return {
    connectionName: connection.name,
    proxySet: connection.variables.ProxySet ?? '',
    cacProfile: connection.cacProfile ?? '',
    carrierHostName: connection.carrierHostName ?? '',
    carrierMainLine: connection.carrierMainLine ?? '',
    carrierUserName: connection.carrierUserName ?? '',
    carrierPassword: '',
  }
}

export function RemoveConnectionDialog({ connection, onClose }: ConnectionProps) {
  const { t } = useTranslation()
  const remove = useServiceTask((id) => removeSipConnection(id, connection), onClose)
  return (
    <ConfirmDialog
      title={t('services.connection.removeAsk', { name: connection.name })}
      action={t('services.connection.remove')}
      isBusy={remove.isPending}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <ProblemNotice error={remove.error} />
      <p>{t('services.connection.removeText', { sbc: connection.sbc?.name ?? '' })}</p>
    </ConfirmDialog>
  )
}

/** What the server says of each field, by its last name: `/body/sbcId` is sbcId. */
function wrongFields(error: unknown): ReadonlyMap<string, string> {
  if (!(error instanceof ApiProblem)) return new Map()
  return new Map([...error.fieldErrors()].map(([pointer, words]) => [pointer.split('/').at(-1) ?? pointer, words]))
}
