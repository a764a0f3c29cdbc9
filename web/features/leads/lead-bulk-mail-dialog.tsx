import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Radio,
  RadioGroup,
} from '@fluentui/react-components'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { changeLeads } from '../../api/lead-bulk.ts'
import type { MailAsked, MailToMany } from '../../api/lead-mails.ts'
import { ApiProblem } from '../../api/problem.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { useTaskStarted } from '../../shell/use-task-toast.ts'
import { MailTextFields } from '../../ui/mail-text-fields.tsx'
import { LoadingRows } from '../../ui/states.tsx'
import '../../words/en-customer-mail.ts'
import { type ChosenLeads, choiceOf, countChosen, loadedOf } from './lead-bulk-choice.ts'
import styles from './lead-mail.module.css'
import { LeadMailPreview } from './lead-mail-preview.tsx'
import { LeadMailReadiness } from './lead-mail-readiness.tsx'
import { LeadMailTemplate } from './lead-mail-template.tsx'
import { isToldInPlace, isWritten, mailTemplatesQuery, useMailPreview } from './lead-mail-text.ts'
import { useLeadRefresh } from './lead-refresh.ts'

type DialogProps = { chosen: ChosenLeads; onClose: () => void; onStarted: () => void }

/** One text to the customers of many leads, shown as the first of them gets it; a task writes to each. */
export function LeadBulkMailDialog({ chosen, onClose, onStarted }: DialogProps) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const templates = useQuery(mailTemplatesQuery(operatorId))
  const [typed, setTyped] = useState<MailAsked | null>(null)
  const [to, setTo] = useState<'first' | 'all'>('first')
  const [first] = templates.data?.data ?? []
  const asked: MailAsked | null =
    typed ??
    (first ? { templateId: first.id, subject: first.subject, body: first.body, language: first.language } : null)
  const [example] = loadedOf(chosen).chosen
  const preview = useMailPreview(operatorId, example?.id ?? '', example && asked && isWritten(asked) ? asked : null)
  const wrong = preview.error instanceof ApiProblem ? preview.error.fieldErrors() : new Map<string, string>()
  const start = useStart(chosen, onStarted)
  const count = countChosen(chosen)
  const counted = { count, shown: count.toLocaleString() }
  const isReady = preview.isCurrent && preview.data?.readiness.allowed === true && !start.isPending
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady && asked) start.mutate({ ...asked, recipients: to })
  }
  const shown =
    preview.data && to === 'first' ? { ...preview.data, mails: preview.data.mails.slice(0, 1) } : preview.data
  return (
    <Dialog open onOpenChange={(_, { open, type }) => !open && type !== 'backdropClick' && onClose()}>
      <DialogSurface style={{ maxWidth: 1080 }}>
        <form onSubmit={submit} noValidate>
          <DialogBody>
            <DialogTitle>{t('customerMail.bulk.title', counted)}</DialogTitle>
            <DialogContent>
              <ProblemNotice error={templates.error} onRetry={() => void templates.refetch()} />
              {!asked && templates.isPending && <LoadingRows count={6} />}
              {asked && (
                <div className={styles.columns}>
                  <div className={styles.column}>
                    {shown && <LeadMailReadiness readiness={shown.readiness} onFollow={onClose} />}
                    <LeadMailTemplate templates={templates.data?.data ?? []} asked={asked} onChange={setTyped} />
                    <MailTextFields
                      text={asked}
                      variables={templates.data?.variables ?? []}
                      wrong={wrong}
                      rows={14}
                      onChange={(text) => setTyped({ ...asked, ...text })}
                    />
                  </div>
                  <div className={styles.column}>
                    <Field label={t('customerMail.bulk.to')}>
                      <RadioGroup value={to} onChange={(_, { value }) => setTo(value as 'first' | 'all')}>
                        <Radio value="first" label={t('customerMail.bulk.first')} />
                        <Radio value="all" label={t('customerMail.bulk.all')} />
                      </RadioGroup>
                    </Field>
                    <p className={styles.quiet}>{t('customerMail.bulk.text')}</p>
                    {example && (
                      <h3 className={styles.heading}>
                        {t('customerMail.bulk.example', { company: example.companyName || example.tenantId })}
                      </h3>
                    )}
                    {!isToldInPlace(wrong) && (
                      <ProblemNotice error={preview.error} onRetry={() => void preview.refetch()} />
                    )}
                    {shown && <LeadMailPreview preview={shown} isCurrent={preview.isCurrent} />}
                  </div>
                </div>
              )}
              <ProblemNotice error={start.error} />
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t('form.cancel')}</Button>
              <Button type="submit" appearance="primary" disabledFocusable={!isReady}>
                {start.isPending ? t('leadBulk.starting') : t('customerMail.bulk.go', counted)}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  )
}

function useStart(chosen: ChosenLeads, onStarted: () => void) {
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const refresh = useLeadRefresh()
  const started = useTaskStarted()
  return useMutation({
    mutationFn: (mail: MailToMany) => changeLeads(operatorId, 'mail', { mail }, choiceOf(chosen)),
    onSuccess: (task) => {
      started(operatorId, task)
      onStarted()
      return queries.invalidateQueries({ queryKey: ['tasks', operatorId] })
    },
    onError: () => refresh(),
  })
}
