import { Field, Input } from '@fluentui/react-components'
import { useState } from 'react'
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
import { FormDialog } from '../../shell/form-dialog.tsx'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { useServiceTask } from '../../shell/use-service-task.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Fields } from '../../ui/page.tsx'

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
  return (
    <FormDialog
      title={t('services.connection.addTitle', { name: service.fullName })}
      action={t('services.action.addConnection')}
      width={760}
      isReady={read !== null && !add.isPending}
      error={add.error}
      onSubmit={() => read && add.mutate(read)}
      onClose={onClose}
    >
      <AdvancedSettings typed={typed} wrong={wrongFields(add.error)} onChange={setTyped} />
    </FormDialog>
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
  return (
    <FormDialog
      title={t('services.connection.changeTitle', { name: connection.name })}
      action={t('services.connection.change')}
      width={680}
      isReady={isReady}
      error={change.error}
      onSubmit={() => change.mutate(asked)}
      onClose={onClose}
    >
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
    </FormDialog>
  )
}

function valuesOf(connection: WireSipConnection): Record<Changeable, string> {
  return {
    connectionName: connection.name,
    proxySet: connection.proxySet ?? '',
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
