import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
} from '@fluentui/react-components'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../../api/problem.ts'
import { createWebhook, listWebhooks, type WireWebhook } from '../../api/webhooks.ts'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { useSandbox } from '../../shell/sandbox.ts'
import { type PostTarget, PostTargetFields } from '../../ui/post-target-fields.tsx'
import '../../words/en-webhooks.ts'
import desk from './lead-desk.module.css'
import styles from './leads.module.css'

const EMPTY: PostTarget = { url: '', headerName: '', headerValue: '' }

/** HTTP Post, Header Key, Header Value: every new lead is sent there. Source: seed 000, Webhook; issue 6, 2. */
export function LeadWebhookDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const operator = useOperator()
  const [target, setTarget] = useState(EMPTY)
  const create = useCreate()
  const isNameless = target.headerName.trim() === '' && target.headerValue !== ''
  const isReady = target.url.trim() !== '' && !isNameless && !create.isPending
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady) create.mutate(target)
  }
  return (
    // A click beside it must not lose what was typed.
    <Dialog open onOpenChange={(_, { open, type }) => !open && type !== 'backdropClick' && onClose()}>
      <DialogSurface style={{ maxWidth: 520 }}>
        <form onSubmit={submit} noValidate>
          <DialogBody>
            <DialogTitle>{t('webhooks.simple.title')}</DialogTitle>
            <DialogContent className={`${desk.form} ${desk.links}`}>
              {create.data ? (
                <Done webhook={create.data} />
              ) : (
                <>
                  <p className={styles.note}>
                    {t(operator.isWholeOperator ? 'webhooks.simple.text' : 'webhooks.simple.textChannel')}
                  </p>
                  <AlreadyThere />
                  <Fields target={target} error={create.error} isNameless={isNameless} onChange={setTarget} />
                  <ProblemNotice error={create.error} />
                </>
              )}
              <WebhooksLink>{t('webhooks.simple.more')}</WebhooksLink>
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t(create.data ? 'webhooks.simple.close' : 'form.cancel')}</Button>
              {!create.data && (
                <Button type="submit" appearance="primary" disabledFocusable={!isReady}>
                  {t('webhooks.simple.save')}
                </Button>
              )}
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  )
}

function useCreate() {
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ url, headerName, headerValue }: PostTarget) => {
      const header = headerName.trim() === '' ? null : { name: headerName.trim(), value: headerValue }
      return createWebhook(operatorId, { kind: 'simple', url: url.trim(), header })
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['webhooks', operatorId] }),
  })
}

type FieldsProps = {
  target: PostTarget
  error: Error | null
  isNameless: boolean
  onChange: (target: PostTarget) => void
}

function Fields({ target, error, isNameless, onChange }: FieldsProps) {
  const { t } = useTranslation()
  const sandbox = useSandbox()
  const wrong = error instanceof ApiProblem ? error.fieldErrors() : new Map<string, string>()
  const urlHint = sandbox?.simulatorUrl
    ? t('webhooks.field.urlSandbox', { address: `${sandbox.simulatorUrl}/webhooks/crm` })
    : t('webhooks.field.urlHint')
  return (
    <PostTargetFields
      target={target}
      words={{
        url: { label: t('webhooks.field.url'), hint: urlHint, placeholder: 'https://' },
        headerName: { label: t('webhooks.field.headerName'), hint: t('webhooks.field.headerNameHint') },
        headerValue: { label: t('webhooks.field.headerValue'), hint: t('webhooks.field.headerValueHint') },
      }}
      wrong={{
        url: wrong.get('url'),
        headerName: isNameless ? t('webhooks.field.headerNeedsName') : wrong.get('header/name'),
        headerValue: wrong.get('header/value'),
      }}
      onChange={onChange}
    />
  )
}

/** Nobody makes a second one because he cannot see the first. */
function AlreadyThere() {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const webhooks = useQuery({
    queryKey: ['webhooks', operatorId],
    queryFn: ({ signal }) => listWebhooks(operatorId, signal),
  })
  const simple = webhooks.data?.filter(({ kind }) => kind === 'simple') ?? []
  if (simple.length === 0) return null
  return (
    <MessageBar intent="info" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{t('webhooks.simple.there')}</MessageBarTitle>
        {simple.map(({ id, name, url }) => (
          <div key={id}>
            <Link to={paths.webhook} params={{ operatorId: String(operatorId), webhookId: id }}>
              {name}
            </Link>{' '}
            ({hostOf(url)})
          </div>
        ))}
      </MessageBarBody>
    </MessageBar>
  )
}

function Done({ webhook }: { webhook: WireWebhook }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  return (
    <MessageBar intent="success" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{t('webhooks.simple.done', { host: hostOf(webhook.url) })}</MessageBarTitle>{' '}
        <Link
          to={paths.webhook}
          params={{ operatorId: String(operatorId), webhookId: webhook.id }}
          search={{ part: 'test' }}
        >
          {t('webhooks.simple.doneText')}
        </Link>
      </MessageBarBody>
    </MessageBar>
  )
}

function WebhooksLink({ children }: { children: string }) {
  const { operatorId } = useOperator()
  return (
    <p className={styles.note}>
      <Link to={paths.webhooks} params={{ operatorId: String(operatorId) }}>
        {children}
      </Link>
    </p>
  )
}

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? url
}
