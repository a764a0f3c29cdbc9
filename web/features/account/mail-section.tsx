import { Field, Select } from '@fluentui/react-components'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { getMailChoices, setMailChoices, type WireMailChoices } from '../../api/mail.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { Fields, Section } from '../../ui/page.tsx'
import { LoadingRows } from '../../ui/states.tsx'

const queryKey = ['mail-choices']
type Delivery = WireMailChoices['choices']['new-lead']

/** What one wants to be told by mail; saved with each choice. */
export function MailSection() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const chosen = useQuery({ queryKey, queryFn: ({ signal }) => getMailChoices(signal) })
  const save = useMutation({
    mutationFn: setMailChoices,
    onSuccess: (saved) => queries.setQueryData(queryKey, saved),
  })
  return (
    <Section title={t('mail.choices')} text={t('mail.choicesText')}>
      <ProblemNotice error={chosen.error ?? save.error} />
      {chosen.isPending && <LoadingRows count={2} />}
      {chosen.data?.open.length === 0 && <p>{t('mail.noneOpen')}</p>}
      {chosen.data && (
        <Fields>
          {chosen.data.open.map((kind) => (
            <Field key={kind} label={t(`mail.kind.${kind}`)}>
              <Select
                value={save.isPending ? (save.variables[kind] ?? chosen.data.choices[kind]) : chosen.data.choices[kind]}
                disabled={save.isPending}
                onChange={(_, { value }) => save.mutate({ [kind]: value as Delivery })}
              >
                {(['at-once', 'digest', 'never'] as const).map((delivery) => (
                  <option key={delivery} value={delivery}>
                    {t(`mail.delivery.${delivery}`)}
                  </option>
                ))}
              </Select>
            </Field>
          ))}
        </Fields>
      )}
    </Section>
  )
}
