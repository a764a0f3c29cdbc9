import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  Radio,
  RadioGroup,
} from '@fluentui/react-components'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createLead, type FoundTenant } from '../../api/direct-leads.ts'
import type { DeskLeadDetail } from '../../api/leads.ts'
import { ApiProblem, NoAnswer } from '../../api/problem.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { useToast } from '../../ui/toasts.tsx'
import desk from './lead-desk.module.css'
import { useLeadRefresh } from './lead-refresh.ts'
import { useLeadsOfTenant } from './lead-siblings.tsx'
import { LeadThere, leadIdsIn } from './lead-there.tsx'
import styles from './leads.module.css'
import { LeadsById, TenantDomainField, TenantIdField } from './new-lead-fields.tsx'
import { readTypedTenantId } from './typed-tenant-id.ts'

/** Characters of a customer's name, as the API takes it. */
const COMPANY_NAME_MAX = 256

type NewLeadProps = { onCreated: (leadId: string) => void; onClose: () => void }

/** Asks for the tenant, by id or by domain, and for the name; opens what was made. */
export function NewLeadDialog({ onCreated, onClose }: NewLeadProps) {
  const { t } = useTranslation()
  const [by, setBy] = useState<'id' | 'domain'>('id')
  const [typedId, setTypedId] = useState('')
  const [domain, setDomain] = useState('')
  const [found, setFound] = useState<FoundTenant | null>(null)
  const [name, setName] = useState('')
  const typed = readTypedTenantId(typedId)
  const tenantId = by === 'domain' ? (found?.tenantId ?? null) : typed.state === 'whole' ? typed.id : null
  const holders = useLeadsOfTenant(tenantId).data ?? []
  const create = useCreate({ onCreated, onClose })
  const isNameInUse = codeOf(create.error) === 'company-name-in-use'
  const wrongName = nameFlaw(name)
  const isReady = tenantId !== null && name.trim() !== '' && !wrongName && holders.length === 0 && !create.isPending
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady) create.mutate({ tenantId, companyName: name.trim(), ...(isNameInUse && { acceptNameInUse: true }) })
  }
  const change =
    <Value,>(set: (value: Value) => void) =>
    (value: Value) => {
      set(value)
      create.reset()
    }
  return (
    // A click beside it must not lose what was typed.
    <Dialog open onOpenChange={(_, { open, type }) => !open && type !== 'backdropClick' && onClose()}>
      <DialogSurface style={{ maxWidth: 520 }}>
        <form onSubmit={submit} noValidate>
          <DialogBody>
            <DialogTitle>{t('leadDesk.new.title')}</DialogTitle>
            <DialogContent className={`${desk.form}`}>
              <p className={styles.note}>{t('leadDesk.new.text')}</p>
              <Field label={t('leadDesk.new.by')}>
                <RadioGroup
                  layout="horizontal"
                  value={by}
                  onChange={(_, { value }) => change(setBy)(value as 'id' | 'domain')}
                >
                  <Radio value="id" label={t('leadDesk.new.byId')} />
                  <Radio value="domain" label={t('leadDesk.new.byDomain')} />
                </RadioGroup>
              </Field>
              {by === 'id' ? (
                <TenantIdField text={typedId} typed={typed} onChange={change(setTypedId)} />
              ) : (
                <TenantDomainField
                  domain={domain}
                  found={found}
                  onDomain={(value) => {
                    change(setDomain)(value)
                    setFound(null)
                  }}
                  onFound={setFound}
                />
              )}
              {holders.length > 0 && (
                <MessageBar intent="warning" layout="multiline">
                  <MessageBarBody>
                    <MessageBarTitle>{t('leadDesk.new.exists')}</MessageBarTitle> {t('leadDesk.new.existsText')}
                    {holders.map((lead) => (
                      <LeadThere key={lead.id} lead={lead} onFollow={onClose} />
                    ))}
                  </MessageBarBody>
                </MessageBar>
              )}
              <Field
                label={t('leadDesk.new.name')}
                hint={t('leadDesk.new.nameHint')}
                required
                {...(wrongName && {
                  validationState: 'error' as const,
                  validationMessage: t(wrongName, { max: COMPANY_NAME_MAX, count: [...name.trim()].length }),
                })}
              >
                <Input
                  value={name}
                  maxLength={10_000}
                  input={{ dir: 'auto' }}
                  onChange={(_, data) => change(setName)(data.value)}
                />
              </Field>
              <Refusal error={create.error} onFollow={onClose} />
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t('form.cancel')}</Button>
              <Button type="submit" appearance="primary" disabledFocusable={!isReady}>
                {t(
                  create.isPending
                    ? 'leadDesk.new.creating'
                    : isNameInUse
                      ? 'leadDesk.new.createAnyway'
                      : 'leadDesk.new.create',
                )}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  )
}

function useCreate({ onCreated, onClose }: NewLeadProps) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const refresh = useLeadRefresh()
  const toast = useToast()
  return useMutation({
    mutationFn: (lead: { tenantId: string; companyName: string; acceptNameInUse?: boolean }) =>
      createLead(operatorId, lead),
    onSuccess: (lead: DeskLeadDetail) => {
      queries.setQueryData(['lead', operatorId, lead.id], lead)
      toast('success', t('leadDesk.new.created', { company: lead.companyName ?? lead.tenantId }))
      onClose()
      onCreated(lead.id)
      return refresh()
    },
    // Microsoft may have made it all the same: then it is found by the next reading of the list.
    onError: (error) => {
      if (isUnsure(error)) void refresh()
    },
  })
}

/** Another lead stands in the way; of these only a name in use can be passed. */
const takenTexts = {
  'lead-exists': { title: 'leadDesk.new.exists', text: 'leadDesk.new.existsText' },
  'company-name-in-use': { title: 'leadDesk.new.nameInUse', text: 'leadDesk.new.nameInUseText' },
  'company-name-refused': { title: 'leadDesk.new.nameInUse', text: 'leadDesk.new.nameRefusedText' },
} as const

/** Why there is no lead now, and what happens next. */
function Refusal({ error, onFollow }: { error: unknown; onFollow: () => void }) {
  const { t } = useTranslation()
  const code = codeOf(error)
  if (code !== null && Object.hasOwn(takenTexts, code)) {
    const { title, text } = takenTexts[code as keyof typeof takenTexts]
    return (
      <MessageBar intent="warning" layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>{t(title)}</MessageBarTitle> {t(text)}
          <LeadsById leadIds={leadIdsIn(error as ApiProblem)} onFollow={onFollow} />
        </MessageBarBody>
      </MessageBar>
    )
  }
  return (
    <>
      <ProblemNotice error={error} />
      {isUnsure(error) && <p className={styles.note}>{t('leadDesk.new.unsure')}</p>}
    </>
  )
}

/** Whether Microsoft may have made the lead although nobody said so. */
function isUnsure(error: unknown): boolean {
  return error instanceof NoAnswer || (error instanceof ApiProblem && error.status >= 500)
}

function codeOf(error: unknown): string | null {
  return error instanceof ApiProblem ? error.code : null
}

function nameFlaw(name: string): 'leadDesk.new.nameLong' | 'leadDesk.new.nameLines' | null {
  if ([...name.trim()].length > COMPANY_NAME_MAX) return 'leadDesk.new.nameLong'
  return /\p{Cc}/u.test(name.trim()) ? 'leadDesk.new.nameLines' : null
}
