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
} from '@fluentui/react-components'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type MailAsked, type MailRecipient, sendLeadMail, type WireLeadMailPreview } from '../../api/lead-mails.ts'
import type { DeskLead } from '../../api/leads.ts'
import type { MailVariable, TemplateVariable } from '../../api/mail-templates.ts'
import { ApiProblem } from '../../api/problem.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { MailTextFields } from '../../ui/mail-text-fields.tsx'
import { LoadingRows } from '../../ui/states.tsx'
import { useToast } from '../../ui/toasts.tsx'
import '../../words/en-customer-mail.ts'
import type { MailDraft } from './lead-asked.ts'
import styles from './lead-mail.module.css'
import { LeadMailPreview } from './lead-mail-preview.tsx'
import { LeadMailReadiness } from './lead-mail-readiness.tsx'
import { chosenRecipients, LeadMailRecipients, type RecipientChoice } from './lead-mail-recipients.tsx'
import { LeadMailTemplate } from './lead-mail-template.tsx'
import { isToldInPlace, isWritten, mailTemplatesQuery, newKey, useMailPreview } from './lead-mail-text.ts'
import { useLeadRefresh } from './lead-refresh.ts'

type DialogProps = { lead: DeskLead; draft: MailDraft | undefined; onClose: () => void }

/** A mail to the customer of a lead: by template, changed as one likes, shown exactly as it will be sent. Source: issue 6, 4. */
export function LeadMailDialog({ lead, draft, onClose }: DialogProps) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const templates = useQuery(mailTemplatesQuery(operatorId))
  const [typed, setTyped] = useState<MailAsked | null>(
    draft ? { subject: draft.subject, body: draft.body, language: 'en' } : null,
  )
  const [choice, setChoice] = useState<RecipientChoice>({ left: new Set(), typed: [] })
  const [first] = templates.data?.data ?? []
  const asked: MailAsked | null =
    typed ??
    (first ? { templateId: first.id, subject: first.subject, body: first.body, language: first.language } : null)
  const contacts = useContacts(operatorId, lead.id, asked, draft, setChoice)
  const recipients = chosenRecipients(contacts, choice)
  const preview = useMailPreview(
    operatorId,
    lead.id,
    asked && recipients && isWritten(asked) ? { ...asked, recipients } : null,
  )
  const wrong = preview.error instanceof ApiProblem ? preview.error.fieldErrors() : new Map<string, string>()
  const typedFrom = (recipients?.length ?? 0) - choice.typed.length
  const send = useSend(lead, onClose)
  const shown = preview.data
  const isReady =
    preview.isCurrent && shown?.readiness.allowed === true && shown.mails.length > 0 && shown.missing.length === 0
  const count = recipients?.length ?? 0
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady && !send.isPending && asked && recipients) send.mutate({ asked, recipients, tag: shown.tag })
  }
  return (
    // A click beside it must not lose what was typed.
    <Dialog open onOpenChange={(_, { open, type }) => !open && type !== 'backdropClick' && onClose()}>
      <DialogSurface style={{ maxWidth: 1080 }}>
        <form onSubmit={submit} noValidate>
          <DialogBody>
            <DialogTitle>{t('customerMail.title', { company: lead.companyName || lead.tenantId })}</DialogTitle>
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
                    {shown && (
                      <GivenValues
                        missing={shown.missing}
                        variables={templates.data?.variables ?? []}
                        asked={asked}
                        onChange={setTyped}
                      />
                    )}
                  </div>
                  <div className={styles.column}>
                    {contacts ? (
                      <LeadMailRecipients
                        contacts={contacts}
                        choice={choice}
                        wrong={(index) => wrong.get(`recipients/${typedFrom + index}/address`)}
                        onChange={setChoice}
                      />
                    ) : (
                      <LoadingRows count={3} />
                    )}
                    <h3 className={styles.heading}>{t('customerMail.preview')}</h3>
                    {!isToldInPlace(wrong) && (
                      <ProblemNotice error={preview.error} onRetry={() => void preview.refetch()} />
                    )}
                    {shown && <LeadMailPreview preview={shown} isCurrent={preview.isCurrent} />}
                    {shown && (
                      <p className={styles.quiet}>
                        {t('customerMail.seen', { replyTo: shown.replyTo ?? shown.from?.address ?? '' })}{' '}
                        {shown.leftToday <= 100 &&
                          t('customerMail.leftToday', {
                            count: shown.leftToday,
                            shown: shown.leftToday.toLocaleString(),
                          })}
                      </p>
                    )}
                  </div>
                </div>
              )}
              <ProblemNotice error={send.error} />
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t('form.cancel')}</Button>
              <Button type="submit" appearance="primary" disabledFocusable={!isReady || send.isPending}>
                {send.isPending
                  ? t('customerMail.sending')
                  : count === 0
                    ? t('customerMail.sendNone')
                    : t('customerMail.send', { count, shown: count.toLocaleString() })}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  )
}

/** What was shown first names the contacts, with what is wrong with each. */
function useContacts(
  operatorId: number,
  leadId: string,
  asked: MailAsked | null,
  draft: MailDraft | undefined,
  setChoice: (choice: RecipientChoice) => void,
): WireLeadMailPreview['contacts'] | undefined {
  // Of any text: a wrong one must not keep the contacts away.
  const first = useMailPreview(operatorId, leadId, asked && { subject: '.', body: '.', language: 'en' }).data
  const [isBegun, setIsBegun] = useState(draft === undefined)
  if (first && draft && !isBegun) {
    setIsBegun(true)
    const { address, name } = draft.recipient
    const isContact = first.contacts.some((one) => one.address === address && one.problem === null)
    const others = first.contacts.flatMap((one) =>
      one.address === null || one.address === address ? [] : [one.address],
    )
    setChoice({ left: new Set(others), typed: isContact ? [] : [{ address, ...(name && { name }) }] })
  }
  return isBegun ? first?.contacts : undefined
}

type GivenProps = {
  missing: WireLeadMailPreview['missing']
  variables: readonly MailVariable[]
  asked: MailAsked
  onChange: (asked: MailAsked) => void
}

/** Variables of which nothing is known: to be given for this mail. What was given can be changed as long as it is used. */
function GivenValues({ missing, variables, asked, onChange }: GivenProps) {
  const { t } = useTranslation()
  const { values = {}, subject, body } = asked
  const isUsed = (name: string) => new RegExp(`\\{\\{\\s*${name}\\s*\\}\\}`).test(`${subject}\n${body}`)
  const shown = variables.filter(
    ({ name }) => missing.some((one) => one.name === name) || (values[name] !== undefined && isUsed(name)),
  )
  if (shown.length === 0) return null
  const give = (name: TemplateVariable, value: string) => {
    const { [name]: _before, ...others } = values
    onChange({ ...asked, values: value === '' ? others : { ...others, [name]: value } })
  }
  return (
    <fieldset className={styles.missing}>
      <legend className="only-read-aloud">{t('customerMail.missing')}</legend>
      <span aria-hidden="true">{t('customerMail.missing')}</span>
      {shown.map(({ name, meaning }) => (
        <Field key={name} label={meaning} hint={t('customerMail.missingHint', { variable: `{{${name}}}` })}>
          <Input
            value={values[name] ?? ''}
            maxLength={200}
            input={{ dir: 'auto' }}
            onChange={(_, { value }) => give(name, value)}
          />
        </Field>
      ))}
    </fieldset>
  )
}

type Sent = { asked: MailAsked; recipients: MailRecipient[]; tag: string }

/** A second click, or a try after an answer that got lost, is the same request: its key is of the dialog and its mails. */
function useSend(lead: DeskLead, onClose: () => void) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const refresh = useLeadRefresh()
  const toast = useToast()
  const [key, setKey] = useState(newKey)
  return useMutation({
    mutationFn: ({ asked, recipients, tag }: Sent) =>
      sendLeadMail(operatorId, lead.id, { ...asked, recipients, previewTag: tag }, `${key}.${tag}`),
    onSuccess: (mails) => {
      const { length: count } = mails
      toast('success', t('customerMail.sent', { count, shown: count.toLocaleString() }), t('customerMail.sentText'))
      onClose()
      return Promise.all([refresh(), queries.invalidateQueries({ queryKey: ['lead-mails', operatorId, lead.id] })])
    },
    onError: (error) => {
      // A refusal stays the answer to its key: the next try is another request.
      if (error instanceof ApiProblem && error.status < 500 && error.retryAfterSeconds === null) setKey(newKey())
      // Something else would be sent by now: it is shown anew.
      return queries.invalidateQueries({ queryKey: ['lead-mail-preview', operatorId, lead.id] })
    },
  })
}
