import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Button,
  Field,
  Input,
  Select,
} from '@fluentui/react-components'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { type Connection, type ConnectionChange, setConnection } from '../../api/connections.ts'
import { ApiProblem } from '../../api/problem.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { Fields, FormActions, Section } from '../../ui/page.tsx'
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
  const field = (name: keyof Values) => ({
    label: t(`microsoft.field.${name}`),
    hint: t(`microsoft.hint.${name}`),
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

/** Where the API names a field otherwise than the form. */
const pointerOf: Partial<Record<keyof Values, string>> = {
  consents: 'paths/consents',
  consentByTenant: 'paths/consentByTenant',
  civicAddresses: 'paths/civicAddresses',
  requestTimeoutSeconds: 'requestTimeoutMs',
}
