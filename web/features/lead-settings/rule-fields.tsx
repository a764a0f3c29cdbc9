import { Combobox, Field, Input, Option, Radio, RadioGroup, Select } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { leadOwnersQuery } from '../../api/lead-owners.ts'
import { channelsQuery } from '../../api/queries.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { countryName } from '../../ui/countries.ts'
import styles from './lead-rules.module.css'
import { sizeBands } from './rule-words.ts'
import { readCountries, type TypedRule } from './typed-rule.ts'

type FieldsProps = { typed: TypedRule; onChange: (typed: TypedRule) => void }

/** Which leads a rule is for. */
export function ConditionFields({ typed, onChange }: FieldsProps) {
  const { t } = useTranslation()
  const set = (part: Partial<TypedRule>) => onChange({ ...typed, ...part })
  const { codes, wrong } = readCountries(typed.countries)
  const hint =
    codes.length > 0 && wrong.length === 0 ? codes.map(countryName).join(', ') : t('leadRules.form.countriesHint')
  return (
    <fieldset className={styles.fieldset}>
      <legend>{t('leadRules.form.when')}</legend>
      <p className={styles.note}>{t('leadRules.form.whenText')}</p>
      <Field
        label={t('leadRules.form.countries')}
        {...(wrong.length > 0
          ? {
              validationState: 'warning' as const,
              validationMessage: t('leadRules.form.countriesWrong', { codes: wrong.join(', ') }),
            }
          : { hint })}
      >
        <Input
          value={typed.countries}
          autoComplete="off"
          input={{ spellCheck: false }}
          onChange={(_, { value }) => set({ countries: value })}
        />
      </Field>
      <div className={styles.pair}>
        <Field label={t('leadRules.form.sizeFrom')}>
          <Select value={typed.sizeFrom} onChange={(_, { value }) => set({ sizeFrom: value })}>
            <option value="">{t('leadRules.form.any')}</option>
            {sizeBands.map(({ from }) => (
              <option key={from} value={from}>
                {t('leadRules.form.people', { count: from })}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t('leadRules.form.sizeTo')}>
          <Select value={typed.sizeTo} onChange={(_, { value }) => set({ sizeTo: value })}>
            <option value="">{t('leadRules.form.any')}</option>
            {sizeBands.map(({ from, to }) =>
              to === null ? null : (
                <option key={from} value={from}>
                  {t('leadRules.form.people', { count: to })}
                </option>
              ),
            )}
          </Select>
        </Field>
        <Field label={t('leadRules.form.origin')}>
          <Select value={typed.origin} onChange={(_, { value }) => set({ origin: value as TypedRule['origin'] })}>
            <option value="">{t('leadRules.form.both')}</option>
            <option value="consented">{t('leadRules.form.consented')}</option>
            <option value="direct">{t('leadRules.form.direct')}</option>
          </Select>
        </Field>
        <Field label={t('leadRules.form.nameContains')}>
          <Input
            value={typed.nameContains}
            maxLength={100}
            autoComplete="off"
            input={{ dir: 'auto' }}
            onChange={(_, { value }) => set({ nameContains: value })}
          />
        </Field>
      </div>
    </fieldset>
  )
}

/** Who gets the leads. */
export function TargetFields({ typed, onChange }: FieldsProps) {
  const { t } = useTranslation()
  return (
    <fieldset className={styles.fieldset}>
      <legend>{t('leadRules.form.who')}</legend>
      <RadioGroup
        layout="horizontal"
        aria-label={t('leadRules.form.who')}
        value={typed.kind}
        onChange={(_, { value }) => onChange({ ...typed, kind: value as TypedRule['kind'] })}
      >
        <Radio value="people" label={t('leadRules.form.toPeople')} />
        <Radio value="channel" label={t('leadRules.form.toChannel')} />
      </RadioGroup>
      {typed.kind === 'people' ? (
        <People personIds={typed.personIds} onChange={(personIds) => onChange({ ...typed, personIds })} />
      ) : (
        <ChannelOf channelId={typed.channelId} onChange={(channelId) => onChange({ ...typed, channelId })} />
      )}
    </fieldset>
  )
}

function People({ personIds, onChange }: { personIds: string[]; onChange: (personIds: string[]) => void }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const owners = useQuery(leadOwnersQuery(operatorId))
  const [text, setText] = useState<string | null>(null)
  const staff = (owners.data?.data ?? []).filter(({ channel }) => channel === null)
  // Whoever has left keeps his place until he is taken out.
  const names = personIds.map((id) => staff.find(({ personId }) => personId === id)?.name ?? t('leadRules.form.gone'))
  const wanted = text?.trim().toLowerCase() ?? ''
  return (
    <>
      <ProblemNotice error={owners.error} />
      <Field label={t('leadRules.form.persons')} required hint={t('leadRules.form.personsHint')}>
        <Combobox
          multiselect
          selectedOptions={personIds}
          value={text ?? (owners.data ? names.join(', ') : '')}
          onChange={(event) => setText(event.target.value)}
          onBlur={() => setText(null)}
          onOptionSelect={(_, { selectedOptions }) => {
            setText(null)
            // In the order in which they were chosen: so they take turns.
            const kept = personIds.filter((id) => selectedOptions.includes(id))
            onChange([...kept, ...selectedOptions.filter((id) => !kept.includes(id))])
          }}
        >
          {staff
            .filter(({ name }) => name.toLowerCase().includes(wanted))
            .map(({ personId, name }) => (
              <Option key={personId} value={personId} text={name}>
                {name}
              </Option>
            ))}
        </Combobox>
      </Field>
    </>
  )
}

function ChannelOf({ channelId, onChange }: { channelId: number | null; onChange: (id: number | null) => void }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const channels = useQuery(channelsQuery(operatorId))
  const [text, setText] = useState<string | null>(null)
  const all = channels.data ?? []
  const chosen = all.find(({ id }) => id === channelId)
  const wanted = text?.trim().toLowerCase() ?? ''
  return (
    <>
      <ProblemNotice error={channels.error} />
      <Field label={t('channels.one')} required>
        <Combobox
          value={text ?? chosen?.name ?? ''}
          selectedOptions={channelId === null ? [] : [String(channelId)]}
          placeholder={t('channels.choose')}
          onChange={(event) => {
            setText(event.target.value)
            onChange(null)
          }}
          onOptionSelect={(_, { optionValue }) => {
            setText(null)
            onChange(optionValue === undefined ? null : Number(optionValue))
          }}
        >
          {all
            .filter(({ name }) => name.toLowerCase().includes(wanted))
            .map(({ id, name, actions }) => (
              <Option key={id} value={String(id)} text={name} disabled={!actions.assignLeads.allowed}>
                {actions.assignLeads.allowed ? name : `${name}: ${actions.assignLeads.reason ?? ''}`}
              </Option>
            ))}
        </Combobox>
      </Field>
    </>
  )
}
