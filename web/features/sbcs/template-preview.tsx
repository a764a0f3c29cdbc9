import { Button, Field, Input, MessageBar, MessageBarBody, Select } from '@fluentui/react-components'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { previewScript, type WireScriptPreview, type WireScriptTemplate } from '../../api/sbcs.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { Fields } from '../../ui/page.tsx'
import { sbcsQuery } from './sbc-queries.ts'
import styles from './sbcs.module.css'

/** Somebody who does not exist, for what Leadline gives by itself. */
const SAMPLES: Record<string, string> = {
  ShortName: 'contoso',
  ObjectName: 'contoso',
  FullName: 'Contoso Ltd',
  MsTenantId: '11111111-2222-4333-8444-555555555555',
  ServiceId: '66666666-7777-4888-8999-000000000000',
  SiteName: 'contoso',
  OnlinePstnGateway: 'sbc.example.com',
}

/** The script for given variables and, with a device, what it would do there. Nothing is changed. */
export function TemplatePreview({ template }: { template: WireScriptTemplate }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const sbcs = useQuery(sbcsQuery(operatorId)).data ?? []
  const [values, setValues] = useState(SAMPLES)
  const [sbcId, setSbcId] = useState('')
  // Samples do for what no form asks.
  const asked = template.variables.filter(({ given }) => !given)
  const preview = useMutation({
    mutationFn: () =>
      previewScript(operatorId, template.id, {
        variables: Object.fromEntries(
          template.variables.map(({ name }) => [name, values[name] ?? '']).filter(([, value]) => value !== ''),
        ),
        ...(sbcId !== '' && { sbcId: Number(sbcId) }),
      }),
  })
  return (
    <>
      <p className={styles.note}>{t('sbcs.preview.text')}</p>
      <Fields>
        {asked.map(({ name, title, help, default: standard, type }) => (
          <Field key={name} label={title} hint={help || null}>
            <Input
              value={values[name] ?? ''}
              placeholder={standard ?? ''}
              type={type === 'secret' ? 'password' : 'text'}
              autoComplete="off"
              spellCheck={false}
              onChange={(_, { value }) => setValues({ ...values, [name]: value })}
            />
          </Field>
        ))}
        <Field label={t('sbcs.preview.device')} hint={t('sbcs.preview.deviceHint')}>
          <Select value={sbcId} onChange={(_, { value }) => setSbcId(value)}>
            <option value="">{t('lead.none')}</option>
            {sbcs.map(({ id, name }) => (
              <option key={id} value={String(id)}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
      </Fields>
      <div className={styles.actions}>
        <Button disabledFocusable={preview.isPending} onClick={() => preview.mutate()}>
          {t(preview.isPending ? 'sbcs.preview.asking' : 'sbcs.preview.show')}
        </Button>
      </div>
      <ProblemNotice error={preview.error} />
      {preview.data && <Shown preview={preview.data} />}
    </>
  )
}

function Shown({ preview: { problems, script, plan, sbcTrouble } }: { preview: WireScriptPreview }) {
  const { t } = useTranslation()
  return (
    <>
      {problems.length > 0 && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <ul className={styles.list}>
              {problems.map(({ variable, detail }) => (
                <li key={`${variable} ${detail}`}>{detail}</li>
              ))}
            </ul>
          </MessageBarBody>
        </MessageBar>
      )}
      {sbcTrouble && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            {sbcTrouble.detail} {sbcTrouble.remedy}
          </MessageBarBody>
        </MessageBar>
      )}
      {plan && (
        <>
          <ul className={styles.list}>
            {plan.changes.map(({ table, name, what, note }) => (
              <li key={`${table} ${name}`}>
                {t(`sbcs.preview.what.${what}`, { table, name })} {note}
              </li>
            ))}
            {plan.conflicts.map(({ table, name }) => (
              <li key={`conflict ${table} ${name}`}>{t('sbcs.preview.conflict', { table, name })}</li>
            ))}
            {plan.missingReferences.map(({ table, name, referredBy }) => (
              <li key={`missing ${table} ${name}`}>{t('sbcs.preview.missing', { table, name, referredBy })}</li>
            ))}
          </ul>
          <p className={styles.note}>{t('sbcs.preview.commands')}</p>
          <pre className={styles.script}>{plan.commands}</pre>
        </>
      )}
      {script !== null && (
        <>
          <p className={styles.note}>{t('sbcs.preview.script')}</p>
          <pre className={styles.script}>{script}</pre>
        </>
      )}
    </>
  )
}
