import { Radio, RadioGroup } from '@fluentui/react-components'
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { changeOperatorSettings, getOperatorSettings, type WireOperatorSettings } from '../../api/operators.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { LoadingRows } from '../../ui/states.tsx'
import { useToast } from '../../ui/toasts.tsx'
import { DueRule } from './due-rule.tsx'
import { LeadRules } from './lead-rules.tsx'

type Rule = WireOperatorSettings['companyNameInUse']
const rules = { warn: true, refuse: true } satisfies Record<Rule, true>

function settingsQuery(operatorId: number) {
  return queryOptions({
    queryKey: ['operator-settings', operatorId],
    queryFn: ({ signal }) => getOperatorSettings(operatorId, signal),
  })
}

/** What the operator has decided about its leads. Source: issue 5, 2. */
export function LeadSettingsPage() {
  const { t } = useTranslation()
  const { operatorId, name, can, isWholeOperator } = useOperator()
  const mayChange = isWholeOperator && can('connections.manage')
  const mayGive = isWholeOperator && can('channels.manage')
  const settings = useQuery({ ...settingsQuery(operatorId), enabled: mayChange })
  return (
    <Page title={t('leadSettings.title')} text={t('leadSettings.text', { operator: name })}>
      {!mayChange && !mayGive && <p>{t('permission.missing', { permission: 'channels.manage' })}</p>}
      {mayGive && <LeadRules />}
      {mayGive && <DueRule />}
      <ProblemNotice error={settings.error} onRetry={() => void settings.refetch()} />
      {mayChange && settings.isPending && <LoadingRows count={2} />}
      {settings.data && <NameInUse rule={settings.data.companyNameInUse} />}
    </Page>
  )
}

/** Saved with the choice: there is nothing else to fill in, and the other choice is as near. */
function NameInUse({ rule }: { rule: Rule }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const toast = useToast()
  const save = useMutation({
    mutationFn: (companyNameInUse: Rule) => changeOperatorSettings(operatorId, { companyNameInUse }),
    onSuccess: (saved) => {
      queries.setQueryData(settingsQuery(operatorId).queryKey, saved)
      toast('success', t('leadSettings.saved'))
    },
  })
  return (
    <Section title={t('leadSettings.nameInUse')} text={t('leadSettings.nameInUseText')}>
      <ProblemNotice error={save.error} />
      <RadioGroup
        aria-label={t('leadSettings.nameInUse')}
        value={save.isPending ? save.variables : rule}
        disabled={save.isPending}
        onChange={(_, { value }) => save.mutate(value as Rule)}
      >
        {(Object.keys(rules) as Rule[]).map((one) => (
          <Radio key={one} value={one} label={t(`leadSettings.rule.${one}`)} />
        ))}
      </RadioGroup>
    </Section>
  )
}
