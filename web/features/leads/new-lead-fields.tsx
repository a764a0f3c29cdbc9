import { Button, Field, Input } from '@fluentui/react-components'
import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle'
import { useMutation } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type FoundTenant, findTenant } from '../../api/direct-leads.ts'
import { ApiProblem } from '../../api/problem.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import desk from './lead-desk.module.css'
import { useLead } from './lead-queries.ts'
import { LeadThere } from './lead-there.tsx'
import styles from './leads.module.css'
import { GUID_DIGITS, type TypedTenantId } from './typed-tenant-id.ts'

type TenantIdFieldProps = { text: string; typed: TypedTenantId; onChange: (text: string) => void }

/** The customer's tenant id, judged while it is typed. */
export function TenantIdField({ text, typed, onChange }: TenantIdFieldProps) {
  const { t } = useTranslation()
  const [isLeft, setIsLeft] = useState(false)
  return (
    <Field label={t('leadDesk.new.tenantId')} required {...verdictOn(typed, text, isLeft, t)}>
      <Input
        value={text}
        maxLength={100}
        autoComplete="off"
        spellCheck={false}
        input={{ dir: 'ltr', className: `${styles.id}` }}
        onFocus={() => setIsLeft(false)}
        onBlur={() => setIsLeft(true)}
        onChange={(_, { value }) => onChange(value)}
      />
    </Field>
  )
}

function verdictOn(typed: TypedTenantId, text: string, isLeft: boolean, t: TFunction) {
  const error = (words: string) => ({ validationState: 'error' as const, validationMessage: words })
  switch (typed.state) {
    case 'empty':
      return { hint: t('leadDesk.new.tenantIdHint') }
    case 'begun': {
      const words = t('leadDesk.new.tenantIdBegun', { count: GUID_DIGITS - typed.digits })
      return isLeft ? error(words) : { hint: words }
    }
    case 'wrong':
      return error(t('leadDesk.new.tenantIdWrong'))
    case 'nobody':
      return error(t('leadDesk.new.tenantIdNobody'))
    case 'whole':
      return {
        validationState: 'success' as const,
        validationMessage:
          text.trim() === typed.id ? t('leadDesk.new.tenantIdGood') : t('leadDesk.new.tenantIdWhole', { id: typed.id }),
      }
  }
}

type TenantDomainFieldProps = {
  domain: string
  found: FoundTenant | null
  onDomain: (domain: string) => void
  onFound: (found: FoundTenant) => void
}

/** The customer's domain, looked up at Microsoft; domain and id are shown, so that one can confirm them. */
export function TenantDomainField({ domain, found, onDomain, onFound }: TenantDomainFieldProps) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const look = useMutation({ mutationFn: () => findTenant(operatorId, domain.trim()), onSuccess: onFound })
  const isReady = domain.trim() !== '' && !look.isPending
  const flaw = look.error instanceof ApiProblem && look.error.status < 500 ? flawOf(look.error) : null
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || found) return
    event.preventDefault()
    if (isReady) look.mutate()
  }
  return (
    <>
      <Field
        label={t('leadDesk.new.domain')}
        required
        hint={found || flaw ? null : t('leadDesk.new.domainHint')}
        {...(flaw !== null && { validationState: 'error' as const, validationMessage: flaw })}
      >
        <Input
          value={domain}
          maxLength={300}
          autoComplete="off"
          spellCheck={false}
          input={{ dir: 'ltr' }}
          onKeyDown={onKeyDown}
          onChange={(_, { value }) => {
            look.reset()
            onDomain(value)
          }}
          contentAfter={
            <Button size="small" disabledFocusable={!isReady} onClick={() => look.mutate()}>
              {t(look.isPending ? 'leadDesk.new.looking' : 'leadDesk.new.lookUp')}
            </Button>
          }
        />
      </Field>
      {flaw === null && <ProblemNotice error={look.error} onRetry={() => look.mutate()} />}
      <div role="status">
        {found && (
          <div className={desk.found}>
            <CheckmarkCircleRegular className={`${desk.foundIcon}`} aria-hidden="true" fontSize={20} />
            <div>
              <strong dir="ltr">{found.domain}</strong>
              <span className={styles.id}>{found.tenantId}</span>
              <CopyButton text={found.tenantId} what={t('lead.tenantId')} />
              <p>{t('leadDesk.new.foundText')}</p>
            </div>
          </div>
        )}
      </div>
    </>
  )
}

/** What is wrong with the domain, in the server's own words. */
function flawOf(problem: ApiProblem): string {
  return problem.fieldErrors().get('query/domain') ?? problem.fieldErrors().get('domain') ?? problem.message
}

/** The leads of these ids with a link to each. */
export function LeadsById({ leadIds, onFollow }: { leadIds: string[]; onFollow: () => void }) {
  return leadIds.slice(0, 3).map((id) => <OneLead key={id} leadId={id} onFollow={onFollow} />)
}

function OneLead({ leadId, onFollow }: { leadId: string; onFollow: () => void }) {
  const { operatorId } = useOperator()
  const lead = useLead(operatorId, leadId).data
  return lead?.id === leadId ? <LeadThere lead={lead} onFollow={onFollow} /> : null
}
