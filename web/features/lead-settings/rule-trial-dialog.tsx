import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { RuleDraft, WireLeadRuleTrial } from '../../api/lead-rules.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { PlainTable } from '../../ui/page.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import styles from './lead-rules.module.css'
import { ruleTrialQuery } from './rule-queries.ts'

type TrialDialogProps = {
  rules: RuleDraft[]
  /** The place of the rule that is to be switched on; null: all of them are only looked at. */
  place: number | null
  isBusy: boolean
  error: Error | null
  onSwitchOn: () => void
  onClose: () => void
}

/** What rules would have done with the leads of the past, before one of them holds. Source: issue 6, 6. */
export function RuleTrialDialog({ rules, place, isBusy, error, onSwitchOn, onClose }: TrialDialogProps) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const trial = useQuery(ruleTrialQuery(operatorId, rules))
  const rule = place === null ? undefined : rules[place]
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface style={{ maxWidth: 760 }}>
        <DialogBody>
          <DialogTitle>
            {rule ? t('leadRules.trial.switchOn', { name: rule.name }) : t('leadRules.trial.title')}
          </DialogTitle>
          <DialogContent className={`${styles.form}`}>
            {trial.isPending && <p role="status">{t('leadRules.trial.loading')}</p>}
            <ProblemNotice error={trial.error} onRetry={() => void trial.refetch()} />
            {trial.data && <Trial trial={trial.data} rules={rules} place={place} />}
            <ProblemNotice error={error} />
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{t(rule ? 'form.cancel' : 'leadRules.trial.close')}</Button>
            {rule && (
              <Button appearance="primary" disabledFocusable={isBusy} onClick={onSwitchOn}>
                {t('leadRules.trial.action')}
              </Button>
            )}
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  )
}

type TrialProps = { trial: WireLeadRuleTrial; rules: RuleDraft[]; place: number | null }

function Trial({ trial, rules, place }: TrialProps) {
  const { t } = useTranslation()
  const { days, leads, isCut, shown } = trial
  if (leads === 0) return <p>{t('leadRules.trial.none', { days })}</p>
  const own = place === null ? undefined : trial.rules[place]
  const given = (own?.leads ?? trial.given).toLocaleString()
  const words = { count: leads, days, leads: leads.toLocaleString(), given }
  return (
    <>
      <p role="status">
        <strong>{own ? t('leadRules.trial.summary', words) : t('leadRules.trial.all', words)}</strong>
      </p>
      <ul className={styles.receivers}>
        {trial.rules.map((one, at) =>
          place === null || place === at ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: rules are told apart by their place
            <li key={at} dir="auto">
              {t('leadRules.trial.ofRule', { rule: rules[at]?.name ?? '', to: receiversText(t, one.to) })}
              {one.isSkipped && ` ${t('leadRules.skipped')}`}
            </li>
          ) : null,
        )}
      </ul>
      {isCut && <p className={styles.note}>{t('leadRules.trial.cut', { count: shown.length })}</p>}
      <h3 className={styles.heading}>{t('leadRules.trial.shown')}</h3>
      <div className={styles.trialTable}>
        <PlainTable label={t('leadRules.trial.shown')}>
          <thead>
            <tr>
              <th scope="col">{t('leadRules.trial.company')}</th>
              <th scope="col">{t('leadRules.trial.consented')}</th>
              <th scope="col">{t('leadRules.column.rule')}</th>
              <th scope="col">{t('leadRules.trial.given')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ leadId, companyName, consentedOn, rule, to }) => (
              <tr key={leadId} data-given={to !== null && (place === null || rule === place)}>
                <th scope="row" dir="auto">
                  {companyName ?? t('lead.noCompany')}
                </th>
                <td>
                  <RelativeTime instant={consentedOn} />
                </td>
                <td dir="auto">{rule === null ? '–' : rules[rule]?.name}</td>
                <td dir="auto">{to?.name ?? t('leadRules.trial.nobodys')}</td>
              </tr>
            ))}
          </tbody>
        </PlainTable>
      </div>
    </>
  )
}

function receiversText(t: TFunction, to: WireLeadRuleTrial['rules'][number]['to']): string {
  if (to.length === 0) return t('leadRules.trial.nobody')
  return to.map(({ name, leads }) => t('leadRules.trial.to', { name, leads: leads.toLocaleString() })).join(', ')
}
