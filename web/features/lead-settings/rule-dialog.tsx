import { Field, Input } from '@fluentui/react-components'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createLeadRule, type RuleDraft, updateLeadRule, type WireLeadRule } from '../../api/lead-rules.ts'
import { FormDialog } from '../../shell/form-dialog.tsx'
import { useOperator } from '../../shell/operator.ts'
import { useToast } from '../../ui/toasts.tsx'
import { ConditionFields, TargetFields } from './rule-fields.tsx'
import { draftOf, leadRulesQuery } from './rule-queries.ts'
import { EMPTY_RULE, readRule, typedRule } from './typed-rule.ts'

type RuleDialogProps = {
  /** Null: a new one, which begins switched off. */
  rule: WireLeadRule | null
  onClose: () => void
}

/** Which leads, and who gets them. */
export function RuleDialog({ rule, onClose }: RuleDialogProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(() => (rule ? typedRule(draftOf(rule)) : EMPTY_RULE))
  const save = useSave(rule, onClose)
  const draft = readRule(typed)
  const isReady = draft !== null && !save.isPending
  return (
    <FormDialog
      title={t(rule ? 'leadRules.form.change' : 'leadRules.form.new')}
      action={t(rule ? 'leadRules.form.save' : 'leadRules.form.saveOff')}
      width={600}
      isReady={isReady}
      error={save.error}
      onSubmit={() => draft && save.mutate(draft)}
      onClose={onClose}
    >
      <Field label={t('leadRules.form.name')} required hint={t('leadRules.form.nameHint')}>
        <Input
          value={typed.name}
          maxLength={100}
          autoComplete="off"
          input={{ dir: 'auto' }}
          onChange={(_, { value }) => setTyped({ ...typed, name: value })}
        />
      </Field>
      <ConditionFields typed={typed} onChange={setTyped} />
      <TargetFields typed={typed} onChange={setTyped} />
    </FormDialog>
  )
}

function useSave(rule: WireLeadRule | null, onClose: () => void) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const toast = useToast()
  return useMutation({
    mutationFn: (draft: RuleDraft) =>
      rule ? updateLeadRule(operatorId, rule.ruleId, draft) : createLeadRule(operatorId, draft),
    onSuccess: ({ name }) => {
      toast('success', t('leadRules.form.saved', { name }))
      onClose()
      return queries.invalidateQueries({ queryKey: leadRulesQuery(operatorId).queryKey })
    },
  })
}
