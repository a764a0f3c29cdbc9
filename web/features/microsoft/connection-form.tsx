import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Button,
  Field,
  Input,
  Select,
  Textarea,
} from '@fluentui/react-components'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { type Connection, type ConnectionChange, setConnection } from '../../api/connections.ts'
import { ApiProblem } from '../../api/problem.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { useNow } from '../../ui/clock.ts'
import { dayText } from '../../ui/dates.ts'
import { Fields, FormActions, Section } from '../../ui/page.tsx'
import { secretEnd } from '../../ui/secret-days.ts'
import { useToast } from '../../ui/toasts.tsx'
import { changeOf, type Values, valuesOf } from './connection-values.ts'

/** The details of the carrier's app at Microsoft. The secret is written, never shown. */
export function ConnectionForm({ connection }: { connection: Connection }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const toast = useToast()
  const { watch, setValue, handleSubmit, reset, formState } = useForm<Values>({ defaultValues: valuesOf(connection) })
  const values = watch()
  const save = useMutation({
    mutationFn: (change: ConnectionChange) => setConnection(connection.operatorId, change),
    onSuccess: (saved) => {
      client.setQueryData(['connection', connection.operatorId], saved)
      toast('success', t('microsoft.saved'), t('microsoft.savedText'))
    },
  })
  const wrong = save.error instanceof ApiProblem ? save.error.fieldErrors() : new Map<string, string>()
  const { dirtyFields, isDirty } = formState
  const secretWords = useSecretWords(connection)
  const [trimmed, setTrimmed] = useState<keyof Values>()
  // Values are pasted, often with blanks around them; nobody sees those in a field of dots.
  const trim = (name: keyof Values) => {
    const text = values[name].trim()
    if (text === values[name]) return
    setTrimmed(name)
    setValue(name, text, { shouldDirty: true })
  }
  const field = (name: keyof Values) => ({
    label: t(`microsoft.field.${name}`),
    hint: trimmed === name ? t('microsoft.trimmed') : (secretWords[name] ?? t(`microsoft.hint.${name}`)),
    ...(name === 'secret' &&
      isGuid(values.secret) && {
        validationState: 'warning' as const,
        validationMessage: t('microsoft.secretIsId'),
      }),
    ...(wrong.has(pointerOf[name] ?? name) && {
      validationState: 'error' as const,
      validationMessage: wrong.get(pointerOf[name] ?? name) ?? '',
    }),
  })
  const text = (name: keyof Values, type: 'text' | 'password' | 'date' | 'number' = 'text') => (
    <Field {...field(name)}>
      <Input
        type={type}
        autoComplete="off"
        spellCheck={false}
        {...(name === 'secret' && connection.hasSecret && { placeholder: t('microsoft.secretSet') })}
        value={values[name]}
        onChange={(_, { value }) => setValue(name, value, { shouldDirty: true })}
        onBlur={() => trim(name)}
      />
    </Field>
  )
  const choice = (name: 'tokenVersion' | 'casing') => ({
    value: values[name],
    onChange: (_: unknown, { value }: { value: string }) =>
      setValue(name, value as Values[typeof name], { shouldDirty: true }),
  })
  return (
    <form onSubmit={handleSubmit((values) => save.mutate(changeOf(values, dirtyFields)))} autoComplete="off">
      <Section title={t('microsoft.app')} text={t('microsoft.appText')}>
        <ProblemNotice error={save.error} />
        <Fields>
          {text('msOperatorId')}
          {text('directoryId')}
          {text('clientId')}
          {text('secret', 'password')}
          {text('secretExpiresOn', 'date')}
        </Fields>
        <Accordion collapsible style={{ marginTop: 12, marginInline: -12 }}>
          <AccordionItem value="certificate">
            <AccordionHeader>{t('microsoft.certificate')}</AccordionHeader>
            <AccordionPanel>
              <CertificateText connection={connection} />
              <Field {...field('certificate')}>
                <Textarea
                  rows={5}
                  autoComplete="off"
                  spellCheck={false}
                  placeholder="-----BEGIN CERTIFICATE-----"
                  value={values.certificate}
                  onChange={(_, { value }) => setValue('certificate', value, { shouldDirty: true })}
                />
              </Field>
            </AccordionPanel>
          </AccordionItem>
        </Accordion>
        <Accordion collapsible style={{ marginTop: 12, marginInline: -12 }}>
          <AccordionItem value="more">
            <AccordionHeader>{t('microsoft.more')}</AccordionHeader>
            <AccordionPanel>
              <Fields>
                {text('baseUrl')}
                {text('authority')}
                {text('resource')}
                <Field {...field('tokenVersion')}>
                  <Select {...choice('tokenVersion')}>
                    <option value="v2.0">v2.0</option>
                    <option value="v1.0">v1.0</option>
                  </Select>
                </Field>
                <Field {...field('casing')}>
                  <Select {...choice('casing')}>
                    <option value="pascal">PascalCase</option>
                    <option value="camel">camelCase</option>
                  </Select>
                </Field>
                {text('consents')}
                {text('consentByTenant')}
                {text('civicAddresses')}
                {text('requestTimeoutSeconds', 'number')}
              </Fields>
            </AccordionPanel>
          </AccordionItem>
        </Accordion>
        <FormActions>
          <Button type="submit" appearance="primary" disabledFocusable={!isDirty || save.isPending}>
            {t(save.isPending ? 'form.saving' : 'form.save')}
          </Button>
          <Button disabledFocusable={!isDirty} onClick={() => reset()}>
            {t('form.discard')}
          </Button>
        </FormActions>
      </Section>
    </form>
  )
}

/** Which certificate is in use, as Entra names it. */
function CertificateText({ connection: { certificate } }: { connection: Connection }) {
  const { t } = useTranslation()
  if (!certificate) return <p>{t('microsoft.certificateText')}</p>
  return <p style={{ overflowWrap: 'anywhere' }}>{t('microsoft.certificateInUse', certificate)}</p>
}

/** What is known of the stored secret, in the place of the hints. */
function useSecretWords({
  hasSecret,
  certificate,
  secretExpiresOn,
}: Connection): Partial<Record<keyof Values, string>> {
  const { t } = useTranslation()
  const known = secretEnd(secretExpiresOn, useNow())
  if (certificate) return { secret: t('microsoft.secretReplaces') }
  if (!hasSecret) return {}
  const day = known && dayText(known.end)
  return {
    secretExpiresOn: !known
      ? t('microsoft.secretEndUnknown')
      : known.days > 0
        ? t('microsoft.secretEndsOn', { day, count: known.days })
        : t('microsoft.secretEnded', { day }),
  }
}

/** A secret never looks like this, but its ID does, which stands beside it in the Entra admin center. */
function isGuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text.trim())
}

/** Where the API names a field otherwise than the form. */
const pointerOf: Partial<Record<keyof Values, string>> = {
  consents: 'paths/consents',
  consentByTenant: 'paths/consentByTenant',
  civicAddresses: 'paths/civicAddresses',
  requestTimeoutSeconds: 'requestTimeoutMs',
}
