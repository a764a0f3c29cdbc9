import { Field, Input, Select } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../../api/problem.ts'
import { channelsQuery } from '../../api/queries.ts'
import type { WireWebhook } from '../../api/webhooks.ts'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { useSandbox } from '../../shell/sandbox.ts'
import { FormActions } from '../../ui/page.tsx'
import { PostTargetFields } from '../../ui/post-target-fields.tsx'
import { EventChoice } from './event-choice.tsx'
import { changeOf, targetFlaw, valuesOf, type WebhookValues } from './webhook-values.ts'
import styles from './webhooks.module.css'

type WebhookFormProps = {
  kind: WireWebhook['kind']
  /** Left out: one that is being made. */
  webhook?: WireWebhook
  isBusy: boolean
  /** Why the server did not take it: shown where one has just clicked, and at each field. */
  error: Error | null
  onSave: (values: WebhookValues) => void
}

/** All that a webhook is: where it sends to, and what. The kind simple has no choice of events. Source: seed 000, Webhook. */
export function WebhookForm({ kind, webhook, isBusy, error, onSave }: WebhookFormProps) {
  const { t } = useTranslation()
  const operator = useOperator()
  const [values, setValues] = useState(() => valuesOf(webhook, operator.channelId))
  const isLocked = !operator.can('webhooks.manage')
  const set = (part: Partial<WebhookValues>) => setValues((before) => ({ ...before, ...part }))
  const form = useRef<HTMLFormElement>(null)
  const wrong = useMemo(() => (error instanceof ApiProblem ? error.fieldErrors() : new Map<string, string>()), [error])
  // The field that is wrong may stand far above the button.
  useEffect(() => {
    if (wrong.size > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [wrong])
  const flaw = targetFlaw(values, webhook)
  const isForChannel = values.channelId !== null
  const isNothingChosen = kind === 'complete' && values.events.length === 0
  const isUnchanged = webhook !== undefined && Object.keys(changeOf(values, webhook)).length === 0
  const isReady =
    values.url.trim() !== '' && (webhook === undefined || values.name.trim() !== '') && !flaw && !isNothingChosen
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady && !isUnchanged && !isBusy) onSave(values)
  }
  const reason = isNothingChosen
    ? t('webhooks.field.eventsNone')
    : flaw
      ? t(`webhooks.field.${flaw.word}`)
      : isUnchanged
        ? t('webhooks.unchanged')
        : null
  return (
    <form ref={form} onSubmit={submit} className={styles.form} noValidate>
      {(kind === 'complete' || webhook) && (
        <NameField
          name={values.name}
          isLocked={isLocked}
          wrong={wrong.get('name')}
          onChange={(name) => set({ name })}
        />
      )}
      <TargetFields values={values} webhook={webhook} isLocked={isLocked} wrong={wrong} onChange={set} />
      {webhook === undefined && operator.isWholeOperator && (
        <ChannelField channelId={values.channelId} wrong={wrong.get('channelId')} onChange={set} />
      )}
      {kind === 'complete' && (
        <EventChoice
          chosen={values.events}
          isForChannel={isForChannel}
          isLocked={isLocked}
          wrong={wrong.get('events')}
          onChange={(events) => set({ events })}
        />
      )}
      <ProblemNotice error={error} />
      <FormActions>
        <PermittedButton
          type="submit"
          appearance="primary"
          permission="webhooks.manage"
          verdict={reason === null ? webhook?.actions.updateWebhook : { allowed: false, reason }}
          disabledFocusable={isBusy || !isReady}
        >
          {t(webhook ? 'form.save' : 'webhooks.create')}
        </PermittedButton>
      </FormActions>
    </form>
  )
}

type NameFieldProps = { name: string; isLocked: boolean; wrong: string | undefined; onChange: (name: string) => void }

function NameField({ name, isLocked, wrong, onChange }: NameFieldProps) {
  const { t } = useTranslation()
  return (
    <Field
      label={t('webhooks.field.name')}
      hint={t('webhooks.field.nameHint')}
      {...(wrong && { validationState: 'error' as const, validationMessage: wrong })}
    >
      <Input
        value={name}
        maxLength={200}
        readOnly={isLocked}
        input={{ dir: 'auto' }}
        onChange={(_, { value }) => onChange(value)}
      />
    </Field>
  )
}

type TargetFieldsProps = {
  values: WebhookValues
  webhook: WireWebhook | undefined
  isLocked: boolean
  wrong: Map<string, string>
  onChange: (part: Partial<WebhookValues>) => void
}

function TargetFields({ values, webhook, isLocked, wrong, onChange }: TargetFieldsProps) {
  const { t } = useTranslation()
  const sandbox = useSandbox()
  const { url, headerName, headerValue } = values
  const flaw = targetFlaw(values, webhook)
  const flawOf = (field: string) => (flaw?.field === field ? t(`webhooks.field.${flaw.word}`) : undefined)
  const isKept = webhook?.headerName != null
  const address = sandbox?.simulatorUrl ? `${sandbox.simulatorUrl}/webhooks/crm` : null
  const urlHint = webhook
    ? t('webhooks.field.urlKeep')
    : address
      ? t('webhooks.field.urlSandbox', { address })
      : t('webhooks.field.urlHint')
  return (
    <PostTargetFields
      target={{ url, headerName, headerValue }}
      isLocked={isLocked}
      words={{
        url: { label: t('webhooks.field.url'), hint: urlHint, placeholder: 'https://' },
        headerName: { label: t('webhooks.field.headerName'), hint: t('webhooks.field.headerNameHint') },
        headerValue: {
          label: t('webhooks.field.headerValue'),
          hint: t('webhooks.field.headerValueHint'),
          ...(isKept && { placeholder: t('webhooks.field.headerKept') }),
        },
      }}
      wrong={{
        url: flawOf('url') ?? wrong.get('url'),
        headerName: flawOf('headerName') ?? wrong.get('header/name'),
        headerValue: flawOf('headerValue') ?? wrong.get('header/value'),
      }}
      onChange={onChange}
    />
  )
}

type ChannelFieldProps = {
  channelId: number | null
  wrong: string | undefined
  onChange: (part: Pick<WebhookValues, 'channelId'>) => void
}

/** For whose leads: chosen when it is made, and for good. */
function ChannelField({ channelId, wrong, onChange }: ChannelFieldProps) {
  const { t } = useTranslation()
  const { operatorId, can } = useOperator()
  const channels = useQuery({ ...channelsQuery(operatorId), enabled: can('channels.read') })
  if (!channels.data || channels.data.length === 0) return null
  return (
    <Field
      label={t('webhooks.field.whose')}
      hint={t('webhooks.field.whoseHint')}
      {...(wrong && { validationState: 'error' as const, validationMessage: wrong })}
    >
      <Select
        value={String(channelId ?? '')}
        onChange={(_, { value }) => onChange({ channelId: value === '' ? null : Number(value) })}
      >
        <option value="">{t('webhooks.wholeOperator')}</option>
        {channels.data.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
    </Field>
  )
}
