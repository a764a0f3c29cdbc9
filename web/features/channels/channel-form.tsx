import { Checkbox, Field, Input, Textarea } from '@fluentui/react-components'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChannelChange, TopologyContacts, WireChannelDetail } from '../../api/channels.ts'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { FormActions } from '../../ui/page.tsx'
import { LogoField } from './logo-field.tsx'

type ChannelFormProps = {
  channel: WireChannelDetail | undefined
  isBusy: boolean
  /** What the server says of each field. */
  wrong: Map<string, string>
  onSave: (change: ChannelChange) => void
}

type ContactName = keyof TopologyContacts
const contactNames: ContactName[] = ['email', 'phone', 'secondaryEmail', 'secondaryPhone', 'generalInfo']
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** All that a channel is. Whoever is bound to it reads it only. */
export function ChannelForm({ channel, isBusy, wrong, onSave }: ChannelFormProps) {
  const { t } = useTranslation()
  const { isWholeOperator, can } = useOperator()
  const isLocked = !isWholeOperator || !can('channels.manage')
  const [name, setName] = useState(channel?.name ?? '')
  const [description, setDescription] = useState(channel?.description ?? '')
  const [tenantId, setTenantId] = useState(channel?.msTenantId ?? '')
  const [contacts, setContacts] = useState<Partial<TopologyContacts>>(channel?.contacts ?? {})
  const [maxCustomers, setMaxCustomers] = useState(String(channel?.maxCustomers ?? 0))
  const [isEnabled, setIsEnabled] = useState(channel?.operatorConnectEnabled ?? true)
  const [logo, setLogo] = useState<string | null>(channel?.logo ?? null)
  const isTenantWrong = tenantId.trim() !== '' && !GUID.test(tenantId.trim())
  const error = (field: string) =>
    wrong.has(field) && { validationState: 'error' as const, validationMessage: wrong.get(field) ?? '' }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSave({
      name: name.trim(),
      description,
      msTenantId: tenantId.trim() === '' ? null : tenantId.trim(),
      contacts,
      maxCustomers: Number(maxCustomers || 0),
      operatorConnectEnabled: isEnabled,
      ...(logo !== (channel?.logo ?? null) && { logo }),
    })
  }
  return (
    <form onSubmit={submit} style={{ display: 'flex', flexDirection: 'column', gap: 16, marginTop: 8 }}>
      <Field label={t('channels.name')} required {...error('name')}>
        <Input value={name} maxLength={200} readOnly={isLocked} onChange={(_, { value }) => setName(value)} />
      </Field>
      <Field label={t('channels.description')} {...error('description')}>
        <Textarea
          value={description}
          maxLength={2_000}
          readOnly={isLocked}
          onChange={(_, { value }) => setDescription(value)}
        />
      </Field>
      <Field
        label={t('channels.tenantId')}
        hint={t('channels.tenantHint')}
        {...(isTenantWrong
          ? { validationState: 'error' as const, validationMessage: t('channels.tenantWrong') }
          : error('msTenantId'))}
      >
        <Input value={tenantId} maxLength={100} readOnly={isLocked} onChange={(_, { value }) => setTenantId(value)} />
      </Field>
      <fieldset style={{ display: 'grid', gap: 12, margin: 0, padding: 0, border: 0 }}>
        <legend style={{ fontSize: 14, fontWeight: 600, marginBottom: 8 }}>{t('channels.contacts')}</legend>
        {contactNames.map((field) => (
          <Field key={field} label={t(`channels.contact.${field}`)} {...error(`contacts/${field}`)}>
            <Input
              value={contacts[field] ?? ''}
              maxLength={field === 'generalInfo' ? 1_000 : field.endsWith('mail') ? 320 : 50}
              readOnly={isLocked}
              onChange={(_, { value }) => setContacts((before) => ({ ...before, [field]: value }))}
            />
          </Field>
        ))}
      </fieldset>
      <Field label={t('channels.maxCustomers')} hint={t('channels.maxCustomersHint')} {...error('maxCustomers')}>
        <Input
          inputMode="numeric"
          value={maxCustomers}
          maxLength={7}
          readOnly={isLocked}
          onChange={(_, { value }) => setMaxCustomers(value.replace(/\D/g, ''))}
        />
      </Field>
      <Checkbox
        label={t('channels.sellsOperatorConnect')}
        checked={isEnabled}
        disabled={isLocked}
        onChange={(_, { checked }) => setIsEnabled(checked === true)}
      />
      <LogoField logo={logo} isLocked={isLocked} error={wrong.get('logo')} onChange={setLogo} />
      {isWholeOperator && (
        <FormActions>
          <PermittedButton
            type="submit"
            appearance="primary"
            permission="channels.manage"
            disabledFocusable={isBusy || name.trim() === '' || isTenantWrong}
          >
            {t(channel ? 'form.save' : 'channels.create')}
          </PermittedButton>
        </FormActions>
      )}
    </form>
  )
}
