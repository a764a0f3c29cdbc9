import { Field, Input, Radio, RadioGroup, Select } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import {
  listCallingProfiles,
  listSbcs,
  listScriptTemplates,
  type WireSbc,
  type WireScriptTemplate,
  type WireScriptVariable,
} from '../api/sbcs.ts'
import { Fields } from '../ui/page.tsx'
import { LoadingRows } from '../ui/states.tsx'
import { askedVariables, scriptFields, type TypedAdvanced, textFields } from './advanced-values.ts'
import { useOperator } from './operator.ts'
import { ProblemNotice } from './problem-notice.tsx'
import '../words/en-services.ts'

/** What the form of a SIP connection chooses from. */
export function useAdvancedChoices(enabled = true) {
  const { operatorId } = useOperator()
  const sbcs = useQuery({
    queryKey: ['sbcs', operatorId],
    queryFn: ({ signal }) => listSbcs(operatorId, signal),
    enabled,
  })
  const templates = useQuery({
    queryKey: ['script-templates', operatorId],
    queryFn: ({ signal }) => listScriptTemplates(operatorId, signal),
    enabled,
  })
  const profiles = useQuery({
    queryKey: ['calling-profiles', operatorId],
    queryFn: ({ signal }) => listCallingProfiles(operatorId, signal),
    enabled,
  })
  return {
    sbcs: sbcs.data ?? [],
    templates: templates.data ?? [],
    profiles: profiles.data?.data ?? [],
    isPending: sbcs.isPending || templates.isPending || profiles.isPending,
    error: sbcs.error ?? templates.error ?? profiles.error,
  }
}

type AdvancedSettingsProps = {
  typed: TypedAdvanced
  onChange: (typed: TypedAdvanced) => void
  /** What the server says of fields, by their name. */
  wrong: ReadonlyMap<string, string>
  /** A further connection has IP groups of its own, always. */
  hasModel?: boolean
}

/** "Advanced Settings": device, scripts and what they want to know. Source: portal.md 4 (b). */
export function AdvancedSettings({ typed, onChange, wrong, hasModel = false }: AdvancedSettingsProps) {
  const { t } = useTranslation()
  const { sbcs, templates, profiles, isPending, error } = useAdvancedChoices()
  const set = (change: Partial<TypedAdvanced>) => onChange({ ...typed, ...change })
  if (isPending) return <LoadingRows count={4} />
  const make = sbcs.find(({ id }) => id === typed.sbcId)?.make
  return (
    <>
      <ProblemNotice error={error} />
      {hasModel && (
        <Field label={t('license.model.label')}>
          <RadioGroup value={typed.model} onChange={(_, { value }) => set({ model: value as TypedAdvanced['model'] })}>
            <Radio value="ip-group" label={t('license.model.ip-group')} />
            <Radio value="tenant" label={t('license.model.tenant')} />
          </RadioGroup>
        </Field>
      )}
      <Fields>
        <SbcField sbcs={sbcs} typed={typed} error={wrong.get('sbcId')} onChange={set} />
        <Field label={t('license.callingProfile')} hint={t('license.callingProfileHint')}>
          <Select value={typed.callingProfileId} onChange={(_, { value }) => set({ callingProfileId: value })}>
            <option value="">{t('license.noChoice')}</option>
            {profiles
              .filter(({ removedAt }) => removedAt === null)
              .map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
          </Select>
        </Field>
        {scriptFields.map(({ field, purpose }) => (
          <ScriptField
            key={field}
            label={t(`license.script.${field}`)}
            templates={templates.filter((one) => one.purpose === purpose && (!make || one.make === make))}
            chosen={typed[field]}
            error={wrong.get(field)}
            onChange={(templateId) => set({ [field]: templateId })}
          />
        ))}
        {textFields.map((field) => (
          <Field
            key={field}
            label={t(`license.field.${field}`)}
            hint={t(`license.hint.${field}`, { defaultValue: '' }) || null}
            {...flaw(wrong.get(field))}
          >
            <Input
              value={typed[field]}
              type={field === 'carrierPassword' ? 'password' : 'text'}
              autoComplete={field === 'carrierPassword' ? 'new-password' : 'off'}
              spellCheck={false}
              onChange={(_, { value }) => set({ [field]: value })}
            />
          </Field>
        ))}
        {askedVariables(typed, templates).map((variable) => (
          <VariableField
            key={variable.name}
            variable={variable}
            text={typed.variables[variable.name] ?? ''}
            error={wrong.get(variable.name)}
            onChange={(text) => set({ variables: { ...typed.variables, [variable.name]: text } })}
          />
        ))}
      </Fields>
    </>
  )
}

const flaw = (words: string | undefined) =>
  words === undefined ? {} : ({ validationState: 'error', validationMessage: words } as const)

type SbcFieldProps = {
  sbcs: readonly WireSbc[]
  typed: TypedAdvanced
  error: string | undefined
  onChange: (change: Partial<TypedAdvanced>) => void
}

function SbcField({ sbcs, typed, error, onChange }: SbcFieldProps) {
  const { t } = useTranslation()
  const chosen = sbcs.find(({ id }) => id === typed.sbcId)
  const hint = sbcs.length === 0 ? t('license.noSbc') : chosen && t(`license.mode.${chosen.mode}`)
  return (
    <Field label={t('license.sbc')} required hint={hint ?? null} {...flaw(error)}>
      <Select
        value={String(typed.sbcId ?? '')}
        // Scripts of another make are none for this one.
        onChange={(_, { value }) =>
          onChange({
            sbcId: value === '' ? null : Number(value),
            ...Object.fromEntries(scriptFields.map(({ field }) => [field, null])),
          })
        }
      >
        <option value="">{t('license.chooseSbc')}</option>
        {sbcs.map(({ id, name, make }) => (
          <option key={id} value={String(id)}>
            {t('license.sbcOption', { name, make })}
          </option>
        ))}
      </Select>
    </Field>
  )
}

type ScriptFieldProps = {
  label: string
  templates: readonly WireScriptTemplate[]
  chosen: number | null
  error: string | undefined
  onChange: (templateId: number | null) => void
}

function ScriptField({ label, templates, chosen, error, onChange }: ScriptFieldProps) {
  const { t } = useTranslation()
  const description = templates.find(({ id }) => id === chosen)?.description
  return (
    <Field label={label} hint={description || null} {...flaw(error)}>
      <Select value={String(chosen ?? '')} onChange={(_, { value }) => onChange(value === '' ? null : Number(value))}>
        <option value="">{t('license.standardScript')}</option>
        {templates.map(({ id, name }) => (
          <option key={id} value={String(id)}>
            {name}
          </option>
        ))}
      </Select>
    </Field>
  )
}

type VariableFieldProps = {
  variable: WireScriptVariable
  text: string
  error: string | undefined
  onChange: (text: string) => void
}

/** One thing that a script wants to know, by its type. */
export function VariableField({ variable, text, error, onChange }: VariableFieldProps) {
  const { t } = useTranslation()
  const { title, help, required, type, choices, lengthMax, minimum, maximum } = variable
  const standard = variable.default ?? ''
  return (
    <Field label={title} required={required && standard === ''} hint={help || null} {...flaw(error)}>
      {type === 'choice' ? (
        <Select value={text || standard} onChange={(_, { value }) => onChange(value)}>
          <option value="">{t('license.noChoice')}</option>
          {(choices ?? []).map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </Select>
      ) : (
        <Input
          value={text}
          placeholder={standard}
          type={type === 'number' ? 'number' : type === 'secret' ? 'password' : 'text'}
          autoComplete={type === 'secret' ? 'new-password' : 'off'}
          spellCheck={type === 'label'}
          onChange={(_, { value }) => onChange(value)}
          {...(lengthMax !== undefined && { maxLength: lengthMax })}
          {...(minimum !== undefined && { min: minimum })}
          {...(maximum !== undefined && { max: maximum })}
        />
      )}
    </Field>
  )
}
