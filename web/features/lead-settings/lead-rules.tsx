import { Button, Switch } from '@fluentui/react-components'
import { AddRegular } from '@fluentui/react-icons/svg/add'
import { ArrowDownRegular } from '@fluentui/react-icons/svg/arrow-down'
import { ArrowUpRegular } from '@fluentui/react-icons/svg/arrow-up'
import { DeleteRegular } from '@fluentui/react-icons/svg/delete'
import { EditRegular } from '@fluentui/react-icons/svg/edit'
import { WarningRegular } from '@fluentui/react-icons/svg/warning'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { deleteLeadRule, orderLeadRules, updateLeadRule, type WireLeadRule } from '../../api/lead-rules.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { FormActions, PlainTable, Section } from '../../ui/page.tsx'
import { LoadingRows } from '../../ui/states.tsx'
import { StatusPill } from '../../ui/status-pill.tsx'
import { useToast } from '../../ui/toasts.tsx'
import '../../words/en-lead-rules.ts'
import styles from './lead-rules.module.css'
import { RuleDialog } from './rule-dialog.tsx'
import { draftOf, leadRulesQuery } from './rule-queries.ts'
import { RuleTrialDialog } from './rule-trial-dialog.tsx'
import { conditionWords, targetWords } from './rule-words.ts'

type Asked =
  | { kind: 'edit'; rule: WireLeadRule | null }
  | { kind: 'delete'; rule: WireLeadRule }
  /** Null: all of them are only looked at. */
  | { kind: 'try'; rule: WireLeadRule | null }

/** Who gets new leads: rules in their order, tried before they hold. Source: issue 6, 6. */
export function LeadRules() {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const rules = useQuery(leadRulesQuery(operatorId))
  const [asked, setAsked] = useState<Asked | null>(null)
  const change = useRuleChanges(() => setAsked(null))
  const all = rules.data ?? []
  return (
    <Section title={t('leadRules.title')} text={t('leadRules.text')}>
      <ProblemNotice error={rules.error} onRetry={() => void rules.refetch()} />
      <ProblemNotice error={asked === null ? (change.order.error ?? change.set.error) : null} />
      {rules.isPending && <LoadingRows count={3} />}
      {rules.data?.length === 0 && <p>{t('leadRules.none')}</p>}
      {all.length > 0 && (
        <RuleTable
          rules={all}
          isBusy={change.order.isPending || change.set.isPending}
          onAsk={setAsked}
          onOff={(rule) => change.set.mutate({ rule, enabled: false })}
          onOrder={(ruleIds) => change.order.mutate(ruleIds)}
        />
      )}
      <FormActions>
        <Button appearance="primary" icon={<AddRegular />} onClick={() => setAsked({ kind: 'edit', rule: null })}>
          {t('leadRules.add')}
        </Button>
        {all.some(({ enabled }) => enabled) && (
          <Button onClick={() => setAsked({ kind: 'try', rule: null })}>{t('leadRules.tryAll')}</Button>
        )}
      </FormActions>
      {asked?.kind === 'edit' && <RuleDialog rule={asked.rule} onClose={() => setAsked(null)} />}
      {asked?.kind === 'try' && (
        <RuleTrialDialog
          {...trialOf(all, asked.rule)}
          isBusy={change.set.isPending}
          error={change.set.error}
          onSwitchOn={() => asked.rule && change.set.mutate({ rule: asked.rule, enabled: true })}
          onClose={() => setAsked(null)}
        />
      )}
      {asked?.kind === 'delete' && (
        <ConfirmDialog
          title={t('leadRules.deleteAsk', { name: asked.rule.name })}
          action={t('leadRules.deleteAction')}
          isBusy={change.remove.isPending}
          onConfirm={() => change.remove.mutate(asked.rule)}
          onClose={() => setAsked(null)}
        >
          <ProblemNotice error={change.remove.error} />
          {t('leadRules.deleteText')}
        </ConfirmDialog>
      )}
    </Section>
  )
}

/** The rules that would be on, and the place of the one that is to be switched on. */
function trialOf(all: readonly WireLeadRule[], rule: WireLeadRule | null) {
  const tried = all.filter((one) => one.enabled || one.ruleId === rule?.ruleId)
  return { rules: tried.map(draftOf), place: rule ? tried.findIndex((one) => one.ruleId === rule.ruleId) : null }
}

function useRuleChanges(onDone: () => void) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const toast = useToast()
  const { queryKey } = leadRulesQuery(operatorId)
  const refresh = () => queries.invalidateQueries({ queryKey })
  return {
    set: useMutation({
      mutationFn: ({ rule, enabled }: { rule: WireLeadRule; enabled: boolean }) =>
        updateLeadRule(operatorId, rule.ruleId, { enabled }),
      onSuccess: ({ name, enabled }) => {
        toast('success', t(enabled ? 'leadRules.form.on' : 'leadRules.form.off', { name }))
        onDone()
        return refresh()
      },
    }),
    remove: useMutation({
      mutationFn: (rule: WireLeadRule) => deleteLeadRule(operatorId, rule.ruleId),
      onSuccess: () => {
        onDone()
        return refresh()
      },
    }),
    order: useMutation({
      mutationFn: (ruleIds: string[]) => orderLeadRules(operatorId, ruleIds),
      onSuccess: (ordered) => queries.setQueryData(queryKey, ordered),
      onError: refresh,
    }),
  }
}

type RuleTableProps = {
  rules: readonly WireLeadRule[]
  isBusy: boolean
  onAsk: (asked: Asked) => void
  onOff: (rule: WireLeadRule) => void
  onOrder: (ruleIds: string[]) => void
}

function RuleTable({ rules, isBusy, onAsk, onOff, onOrder }: RuleTableProps) {
  const { t } = useTranslation()
  const ids = rules.map(({ ruleId }) => ruleId)
  const swap = (at: number) => {
    const [one, other] = [ids[at], ids[at + 1]]
    if (one !== undefined && other !== undefined) onOrder(ids.with(at, other).with(at + 1, one))
  }
  return (
    <PlainTable label={t('leadRules.list')}>
      <thead>
        <tr>
          <th scope="col">{t('leadRules.column.rule')}</th>
          <th scope="col">{t('leadRules.column.to')}</th>
          <th scope="col" className={styles.number}>
            {t('leadRules.column.given')}
          </th>
          <th scope="col">{t('leadRules.column.on')}</th>
          <th scope="col">{t('leadRules.column.actions')}</th>
        </tr>
      </thead>
      <tbody>
        {rules.map((rule, at) => (
          <tr key={rule.ruleId}>
            <th scope="row">
              <span dir="auto">{rule.name}</span>
              <span className={styles.conditions}>{conditionWords(t, rule)}</span>
              <Attention rule={rule} />
            </th>
            <td dir="auto">
              {targetWords(t, rule)}
              <Next rule={rule} />
            </td>
            <td className={styles.number}>{rule.given.toLocaleString()}</td>
            <td>
              <Switch
                checked={rule.enabled}
                disabled={isBusy}
                aria-label={t('leadRules.switch', { name: rule.name })}
                onChange={(_, { checked }) => (checked ? onAsk({ kind: 'try', rule }) : onOff(rule))}
              />
            </td>
            <td className={styles.actions}>
              <Button
                size="small"
                appearance="subtle"
                icon={<ArrowUpRegular />}
                disabledFocusable={at === 0 || isBusy}
                aria-label={t('leadRules.up', { name: rule.name })}
                onClick={() => swap(at - 1)}
              />
              <Button
                size="small"
                appearance="subtle"
                icon={<ArrowDownRegular />}
                disabledFocusable={at === rules.length - 1 || isBusy}
                aria-label={t('leadRules.down', { name: rule.name })}
                onClick={() => swap(at)}
              />
              <Button
                size="small"
                appearance="subtle"
                icon={<EditRegular />}
                aria-label={t('leadRules.edit', { name: rule.name })}
                onClick={() => onAsk({ kind: 'edit', rule })}
              />
              <Button
                size="small"
                appearance="subtle"
                icon={<DeleteRegular />}
                aria-label={t('leadRules.delete', { name: rule.name })}
                onClick={() => onAsk({ kind: 'delete', rule })}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </PlainTable>
  )
}

function Next({ rule: { people } }: { rule: WireLeadRule }) {
  const { t } = useTranslation()
  const next = people && people.length > 1 ? people.find(({ isNext }) => isNext) : undefined
  return next ? <span className={styles.conditions}>{t('leadRules.next', { name: next.name })}</span> : null
}

function Attention({ rule: { attention, isSkipped } }: { rule: WireLeadRule }) {
  const { t } = useTranslation()
  if (attention.length === 0) return null
  return (
    <span className={styles.attention}>
      <StatusPill tone="warn" icon={<WarningRegular />}>
        {t('leadRules.attention')}
      </StatusPill>
      <span>
        {attention.map(({ code, name }) => t(`leadRules.attentionOf.${code}`, { name })).join(' ')}
        {isSkipped && ` ${t('leadRules.skipped')}`}
      </span>
    </span>
  )
}
