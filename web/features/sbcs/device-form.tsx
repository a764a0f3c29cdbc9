import { Checkbox, Field, Input, Radio, RadioGroup, Select, Textarea } from '@fluentui/react-components'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SbcChange, WireSbc } from '../../api/sbcs.ts'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { Fields, FormActions } from '../../ui/page.tsx'
import styles from './sbcs.module.css'
import { beginDevice, readDevice, type TypedDevice } from './typed-device.ts'

type DeviceFormProps = {
  sbc: WireSbc | undefined
  isBusy: boolean
  /** What the server says of each field, by its name. */
  wrong: ReadonlyMap<string, string>
  onSave: (change: SbcChange & { name: string }) => void
}

const DAYS = [1, 2, 3, 4, 5, 6, 7] as const

/** All that is set of a device. */
export function DeviceForm({ sbc, isBusy, wrong, onSave }: DeviceFormProps) {
  const { t } = useTranslation()
  const { can } = useOperator()
  const [typed, setTyped] = useState(() => beginDevice(sbc))
  const set = (change: Partial<TypedDevice>) => setTyped({ ...typed, ...change })
  const isLocked = !can('sbcs.manage')
  const flaw = (field: string) =>
    wrong.has(field) ? ({ validationState: 'error', validationMessage: wrong.get(field) ?? '' } as const) : {}
  const text = (field: keyof TypedDevice & ('name' | 'address' | 'user' | 'trunkFqdns' | 'ipGroupsMax')) => (
    <Field
      label={t(`sbcs.field.${field}`)}
      required={field === 'name'}
      hint={t(`sbcs.hint.${field}` as 'sbcs.hint.address', { defaultValue: '' }) || null}
      {...flaw(field)}
    >
      <Input
        value={typed[field]}
        readOnly={isLocked}
        autoComplete="off"
        spellCheck={false}
        onChange={(_, { value }) => set({ [field]: value })}
      />
    </Field>
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isBusy && typed.name.trim() !== '') onSave(readDevice(typed, sbc))
  }
  return (
    <form onSubmit={submit} noValidate className={styles.form}>
      {text('name')}
      <Field label={t('sbcs.field.mode')}>
        <RadioGroup
          value={typed.mode}
          disabled={isLocked}
          onChange={(_, { value }) => set({ mode: value as TypedDevice['mode'] })}
        >
          <Radio value="manual" label={t('sbcs.modeText.manual')} />
          <Radio value="automatic" label={t('sbcs.modeText.automatic')} />
        </RadioGroup>
      </Field>
      <Fields>
        <Field label={t('sbcs.field.make')} hint={t('sbcs.hint.make')} {...flaw('make')}>
          <Input
            value={typed.make}
            readOnly={isLocked}
            spellCheck={false}
            onChange={(_, { value }) => set({ make: value })}
          />
        </Field>
        {text('address')}
        {text('user')}
        <Field
          label={t('sbcs.field.password')}
          hint={t(sbc?.hasPassword ? 'sbcs.hint.passwordKept' : 'sbcs.hint.password')}
          {...flaw('password')}
        >
          <Input
            type="password"
            value={typed.password}
            readOnly={isLocked}
            autoComplete="new-password"
            onChange={(_, { value }) => set({ password: value })}
          />
        </Field>
        {text('trunkFqdns')}
        {text('ipGroupsMax')}
        <Field label={t('sbcs.field.trust')} {...flaw('trust')}>
          <Select
            value={typed.trust}
            disabled={isLocked}
            onChange={(_, { value }) => set({ trust: value as TypedDevice['trust'] })}
          >
            {(['public', 'ca', 'fingerprint'] as const).map((kind) => (
              <option key={kind} value={kind}>
                {t(`sbcs.trust.${kind}`)}
              </option>
            ))}
          </Select>
        </Field>
      </Fields>
      {typed.trust === 'ca' && (
        <Field label={t('sbcs.field.pem')} className={`${styles.scriptField}`} {...flaw('pem')}>
          <Textarea
            value={typed.pem}
            rows={5}
            readOnly={isLocked}
            resize="vertical"
            textarea={{ spellCheck: false }}
            onChange={(_, { value }) => set({ pem: value })}
          />
        </Field>
      )}
      {typed.trust === 'fingerprint' && (
        <Field label={t('sbcs.field.sha256')} hint={t('sbcs.hint.sha256')} {...flaw('sha256')}>
          <Input
            value={typed.sha256}
            readOnly={isLocked}
            spellCheck={false}
            onChange={(_, { value }) => set({ sha256: value })}
          />
        </Field>
      )}
      <Checkbox
        label={t('sbcs.window.has')}
        checked={typed.hasWindow}
        disabled={isLocked}
        onChange={(_, { checked }) => set({ hasWindow: checked === true })}
      />
      {typed.hasWindow && (
        <>
          <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
            <legend className={styles.note}>{t('sbcs.window.days')}</legend>
            {DAYS.map((day) => (
              <Checkbox
                key={day}
                label={t(`sbcs.window.day.d${day}`)}
                checked={typed.days.includes(day)}
                disabled={isLocked}
                onChange={(_, { checked }) =>
                  set({ days: checked ? [...typed.days, day].toSorted() : typed.days.filter((one) => one !== day) })
                }
              />
            ))}
          </fieldset>
          <Fields>
            {(['from', 'to', 'timeZone'] as const).map((field) => (
              <Field key={field} label={t(`sbcs.window.${field}`)} {...flaw(field)}>
                <Input
                  type={field === 'timeZone' ? 'text' : 'time'}
                  value={typed[field]}
                  readOnly={isLocked}
                  onChange={(_, { value }) => set({ [field]: value })}
                />
              </Field>
            ))}
          </Fields>
        </>
      )}
      <FormActions>
        <PermittedButton
          type="submit"
          appearance="primary"
          permission="sbcs.manage"
          disabledFocusable={isBusy || typed.name.trim() === ''}
        >
          {t(isBusy ? 'form.saving' : 'form.save')}
        </PermittedButton>
      </FormActions>
    </form>
  )
}
