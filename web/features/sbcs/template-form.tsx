import { Button, Checkbox, Field, Input, Select, Textarea } from '@fluentui/react-components'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ScriptPurpose, ScriptTemplateBody } from '../../api/sbcs.ts'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { Fields, FormActions } from '../../ui/page.tsx'
import styles from './sbcs.module.css'

const purposes: ScriptPurpose[] = ['onboarding', 'cleanup', 'number-add', 'number-remove', 'bar', 'unbar']
const types = ['text', 'label', 'word', 'number', 'host', 'choice', 'secret'] as const
type Variable = ScriptTemplateBody['variables'][number]

type TemplateFormProps = {
  begin: ScriptTemplateBody
  /** The purpose stays what it was. */
  isNew?: boolean
  isBusy: boolean
  wrong: ReadonlyMap<string, string>
  onSave: (template: ScriptTemplateBody) => void
}

export function TemplateForm({ begin, isNew = false, isBusy, wrong, onSave }: TemplateFormProps) {
  const { t } = useTranslation()
  const { can } = useOperator()
  const [typed, setTyped] = useState(begin)
  const set = (change: Partial<ScriptTemplateBody>) => setTyped({ ...typed, ...change })
  const isLocked = !can('sbcs.manage')
  const flaw = (field: string) =>
    wrong.has(field) ? ({ validationState: 'error', validationMessage: wrong.get(field) ?? '' } as const) : {}
  const isReady = typed.name.trim() !== '' && !isBusy
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady) onSave({ ...typed, name: typed.name.trim() })
  }
  return (
    <form onSubmit={submit} noValidate className={styles.form}>
      <Field label={t('sbcs.template.name')} required {...flaw('name')}>
        <Input value={typed.name} readOnly={isLocked} onChange={(_, { value }) => set({ name: value })} />
      </Field>
      <Fields>
        <Field label={t('sbcs.template.purpose')}>
          <Select
            value={typed.purpose}
            disabled={!isNew || isLocked}
            onChange={(_, { value }) => set({ purpose: value as ScriptPurpose })}
          >
            {purposes.map((purpose) => (
              <option key={purpose} value={purpose}>
                {t(`sbcs.purpose.${purpose}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t('sbcs.field.make')} {...flaw('make')}>
          <Input value={typed.make} readOnly={isLocked} onChange={(_, { value }) => set({ make: value })} />
        </Field>
      </Fields>
      <Field label={t('sbcs.template.description')}>
        <Input value={typed.description} readOnly={isLocked} onChange={(_, { value }) => set({ description: value })} />
      </Field>
      <Field
        label={t('sbcs.template.script')}
        hint={t('sbcs.template.scriptHint', { open: '{{', close: '}}', interpolation: { skipOnVariables: true } })}
        className={`${styles.scriptField}`}
        {...flaw('script')}
      >
        <Textarea
          value={typed.script}
          rows={14}
          readOnly={isLocked}
          resize="vertical"
          textarea={{ spellCheck: false, dir: 'ltr', wrap: 'off' }}
          onChange={(_, { value }) => set({ script: value })}
        />
      </Field>
      <h3 className={styles.section}>{t('sbcs.variable.title')}</h3>
      <p className={styles.note}>{t('sbcs.variable.text')}</p>
      {typed.variables.map((variable, index) => (
        <VariableRow
          // biome-ignore lint/suspicious/noArrayIndexKey: names change while they are typed
          key={index}
          variable={variable}
          isLocked={isLocked}
          onChange={(changed) => set({ variables: typed.variables.with(index, changed) })}
          onRemove={() => set({ variables: typed.variables.toSpliced(index, 1) })}
        />
      ))}
      {!isLocked && (
        <Button
          size="small"
          onClick={() =>
            set({
              variables: [
                ...typed.variables,
                { name: '', type: 'text', title: '', help: '', required: true, default: null },
              ],
            })
          }
        >
          {t('sbcs.variable.add')}
        </Button>
      )}
      <FormActions>
        <PermittedButton type="submit" appearance="primary" permission="sbcs.manage" disabledFocusable={!isReady}>
          {t(isBusy ? 'form.saving' : 'form.save')}
        </PermittedButton>
      </FormActions>
    </form>
  )
}

type VariableRowProps = {
  variable: Variable
  isLocked: boolean
  onChange: (variable: Variable) => void
  onRemove: () => void
}

function VariableRow({ variable, isLocked, onChange, onRemove }: VariableRowProps) {
  const { t } = useTranslation()
  const set = (change: Partial<Variable>) => onChange({ ...variable, ...change })
  return (
    <div className={styles.variable}>
      <Fields>
        <Field label={t('sbcs.variable.name')} required>
          <Input
            value={variable.name}
            readOnly={isLocked}
            spellCheck={false}
            onChange={(_, { value }) => set({ name: value.trim() })}
          />
        </Field>
        <Field label={t('sbcs.variable.label')} required>
          <Input value={variable.title} readOnly={isLocked} onChange={(_, { value }) => set({ title: value })} />
        </Field>
        <Field label={t('sbcs.variable.type')}>
          <Select
            value={variable.type}
            disabled={isLocked}
            onChange={(_, { value }) => set({ type: value as Variable['type'] })}
          >
            {types.map((type) => (
              <option key={type} value={type}>
                {t(`sbcs.variable.is.${type}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t('sbcs.variable.default')}>
          <Input
            value={variable.default ?? ''}
            readOnly={isLocked}
            onChange={(_, { value }) => set({ default: value === '' ? null : value })}
          />
        </Field>
        <Field label={t('sbcs.variable.help')}>
          <Input value={variable.help} readOnly={isLocked} onChange={(_, { value }) => set({ help: value })} />
        </Field>
        {variable.type === 'choice' && (
          <Field label={t('sbcs.variable.choices')} hint={t('sbcs.variable.choicesHint')}>
            <Input
              value={(variable.choices ?? []).join(', ')}
              readOnly={isLocked}
              onChange={(_, { value }) => set({ choices: value.split(/,\s*/) })}
            />
          </Field>
        )}
      </Fields>
      <div className={styles.actions}>
        <Checkbox
          label={t('sbcs.variable.required')}
          checked={variable.required}
          disabled={isLocked}
          onChange={(_, { checked }) => set({ required: checked === true })}
        />
        {!isLocked && (
          <Button size="small" onClick={onRemove}>
            {t('sbcs.variable.remove')}
          </Button>
        )}
      </div>
    </div>
  )
}
