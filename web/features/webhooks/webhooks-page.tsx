import { AddRegular } from '@fluentui/react-icons/svg/add'
import { FlowRegular } from '@fluentui/react-icons/svg/flow'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Outlet, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { Page } from '../../ui/page.tsx'
import { EmptyState, LoadingRows } from '../../ui/states.tsx'
import work from '../../ui/work.module.css'
import '../../words/en-webhooks.ts'
import { NewWebhook } from './new-webhook.tsx'
import { WebhookPanel } from './webhook-panel.tsx'
import { webhooksQuery } from './webhook-queries.ts'
import type { WebhookSearch } from './webhook-search.ts'
import { rowLinkId, WebhookTable } from './webhook-table.tsx'

/** What the panel of one that is being made has in its address instead of an id. */
const NEW = 'new'

/** Systems outside that are told what happens here. Source: issue 6, 2 and 3; seed 000, Webhook. */
export function WebhooksPage() {
  const { t } = useTranslation()
  const operator = useOperator()
  const { operatorId } = operator
  const mayRead = operator.can('webhooks.read')
  const webhooks = useQuery({ ...webhooksQuery(operatorId), enabled: mayRead })
  const { webhookId, search, open, close } = useWebhookNavigation()
  const [made, setMade] = useState<{ webhookId: string; secret: string } | null>(null)
  const create = (
    <PermittedButton appearance="primary" icon={<AddRegular />} permission="webhooks.manage" onClick={() => open(NEW)}>
      {t('webhooks.create')}
    </PermittedButton>
  )
  const createSimple = (
    <PermittedButton permission="webhooks.manage" onClick={() => open(NEW, { kind: 'simple' })}>
      {t('webhooks.createSimple')}
    </PermittedButton>
  )
  const closePanel = () => {
    setMade(null)
    close()
  }
  return (
    <div className={work.frame}>
      <Page
        title={t('navigation.webhooks')}
        text={t('webhooks.text')}
        actions={
          webhooks.data &&
          webhooks.data.length > 0 && (
            <>
              {createSimple}
              {create}
            </>
          )
        }
      >
        {!mayRead && <p>{t('permission.missing', { permission: 'webhooks.read' })}</p>}
        <ProblemNotice error={webhooks.error} onRetry={() => void webhooks.refetch()} />
        {mayRead && webhooks.isPending && <LoadingRows count={4} />}
        {webhooks.data?.length === 0 && (
          <EmptyState
            icon={<FlowRegular />}
            title={t('webhooks.none')}
            action={
              operator.can('webhooks.manage') && (
                <>
                  {create}
                  {createSimple}
                </>
              )
            }
          >
            {t('webhooks.noneText')} {!operator.can('webhooks.manage') && t('webhooks.noneRead')}
          </EmptyState>
        )}
        {webhooks.data && webhooks.data.length > 0 && <WebhookTable webhooks={webhooks.data} />}
      </Page>
      {webhookId === NEW && mayRead && (
        <NewWebhook
          key={search.kind ?? 'complete'}
          kind={search.kind ?? 'complete'}
          onCreated={({ id, secret }) => {
            setMade(secret === null ? null : { webhookId: id, secret })
            open(id, { part: 'test' }, 'replace')
          }}
          onClose={closePanel}
        />
      )}
      {webhookId && webhookId !== NEW && mayRead && (
        <WebhookPanel
          key={webhookId}
          webhookId={webhookId}
          listed={webhooks.data}
          search={search}
          secret={made?.webhookId === webhookId ? made.secret : null}
          onSecret={(secret) => setMade({ webhookId, secret })}
          onSearch={(next, how) => open(webhookId, next, how)}
          onGoTo={(id) => open(id, search.part ? { part: search.part } : {}, 'replace')}
          onClose={closePanel}
        />
      )}
      <Outlet />
    </div>
  )
}

/** Everything one can see is in the address. */
function useWebhookNavigation() {
  const { operatorId } = useOperator()
  const { webhookId } = useParams({ strict: false })
  const search = getRouteApi('/operators/$operatorId/settings/webhooks').useSearch()
  const navigate = useNavigate()
  const params = { operatorId: String(operatorId) }
  const open = (id: string, next: WebhookSearch = {}, how?: 'replace') =>
    void navigate({
      to: paths.webhook,
      params: { ...params, webhookId: id },
      search: next,
      replace: how === 'replace',
    })
  const close = () => {
    void navigate({ to: paths.webhooks, params, search: {} })
    if (webhookId) document.getElementById(rowLinkId(webhookId))?.focus({ preventScroll: true })
  }
  return { webhookId, search, open, close }
}
