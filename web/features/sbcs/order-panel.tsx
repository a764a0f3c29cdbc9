import { Button, Checkbox, Field, Input, Textarea } from '@fluentui/react-components'
import { ArrowDownloadRegular } from '@fluentui/react-icons/svg/arrow-download'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../../api/problem.ts'
import { fetchScript, refuseScriptOrder, tickOffScriptOrder, type WireScriptOrder } from '../../api/sbcs.ts'
import { paths } from '../../paths.ts'
import { startDownload } from '../../shell/downloads.ts'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { PanelBody, SidePanel } from '../../ui/side-panel.tsx'
import { Fact, Facts, LoadingRows } from '../../ui/states.tsx'
import { useToast } from '../../ui/toasts.tsx'
import { OrderState } from './order-list.tsx'
import { ordersQuery } from './sbc-queries.ts'
import styles from './sbcs.module.css'

/** One script to be applied: the file, and the tick that lets the task go on. */
export function OrderPanel({ orderId, onClose }: { orderId: string; onClose: () => void }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const orders = useQuery(ordersQuery(operatorId))
  const order = orders.data?.find(({ id }) => id === orderId)
  const title = order?.title ?? t('sbcs.order.one')
  return (
    <SidePanel title={title} subtitle={order && <OrderState order={order} />} onClose={onClose} takesFocus={true}>
      <PanelBody label={title}>
        <ProblemNotice error={orders.error} onRetry={() => void orders.refetch()} />
        {orders.isPending && <LoadingRows count={6} />}
        {orders.isSuccess && !order && <p className={styles.note}>{t('sbcs.order.notThere')}</p>}
        {order && <OrderFacts order={order} />}
        {order?.state === 'open' && <TickOff key={order.id} order={order} />}
      </PanelBody>
    </SidePanel>
  )
}

function OrderFacts({ order }: { order: WireScriptOrder }) {
  const { t } = useTranslation()
  const { operatorId, can } = useOperator()
  const params = { operatorId: String(operatorId) }
  const serviceId = /^service\/([^/]+)/.exec(order.owner)?.[1]
  return (
    <div className={styles.links}>
      <Facts>
        <Fact name={t('sbcs.device.one')}>{order.sbcName}</Fact>
        <Fact name={t('sbcs.template.purpose')}>{t(`sbcs.purpose.${order.purpose}`)}</Fact>
        {order.opensAt && (
          <Fact name={t('sbcs.order.opens')}>
            <RelativeTime instant={order.opensAt} />
          </Fact>
        )}
        <Fact name={t('sbcs.order.asked')}>
          <RelativeTime instant={order.createdAt} />
        </Fact>
        {serviceId && can('services.read') && (
          <Fact name={t('sbcs.order.for')}>
            <Link to={paths.service} params={{ ...params, serviceId }}>
              {t('sbcs.order.openService')}
            </Link>
          </Fact>
        )}
        {order.taskId && can('tasks.read') && (
          <Fact name={t('tasks.task')}>
            <Link to={paths.task} params={{ ...params, taskId: order.taskId }}>
              {t('sbcs.order.openTask')}
            </Link>
          </Fact>
        )}
        {order.appliedBy && <Fact name={t('sbcs.order.appliedBy')}>{order.appliedBy}</Fact>}
        {order.closedBy && <Fact name={t('sbcs.order.closedBy')}>{order.closedBy}</Fact>}
        {order.verified !== null && (
          <Fact name={t('sbcs.order.verified')}>{t(order.verified ? 'sbcs.order.yes' : 'sbcs.order.no')}</Fact>
        )}
        {order.note && <Fact name={t('sbcs.order.note')}>{order.note}</Fact>}
      </Facts>
      <div className={styles.actions}>
        <PermittedButton
          icon={<ArrowDownloadRegular />}
          permission="sbcs.apply"
          onClick={() =>
            void startDownload({
              fileName: `${order.title.replaceAll(/[^\w.-]+/g, '-')}.txt`,
              unit: 'entries',
              help: null,
              begin: (signal) => fetchScript(operatorId, order.id, signal),
            })
          }
        >
          {t('sbcs.order.download')}
        </PermittedButton>
      </div>
    </div>
  )
}

function TickOff({ order }: { order: WireScriptOrder }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const toast = useToast()
  const [appliedBy, setAppliedBy] = useState('')
  const [note, setNote] = useState('')
  const [isUnverified, setIsUnverified] = useState(false)
  const after = (words: 'sbcs.order.ticked' | 'sbcs.order.refusedNow') => {
    toast('success', t(words, { title: order.title }))
    return queries.invalidateQueries({ queryKey: ['script-orders', operatorId] })
  }
  const tick = useMutation({
    mutationFn: () =>
      tickOffScriptOrder(operatorId, order.id, {
        ...(appliedBy.trim() && { appliedBy: appliedBy.trim() }),
        ...(note.trim() && { note: note.trim() }),
        ...(isUnverified && { unverified: true }),
      }),
    onSuccess: () => after('sbcs.order.ticked'),
  })
  const refuse = useMutation({
    mutationFn: () => refuseScriptOrder(operatorId, order.id, note.trim()),
    onSuccess: () => after('sbcs.order.refusedNow'),
  })
  const isBusy = tick.isPending || refuse.isPending
  // The device was read and is not as the script says: only whoever knows better may go on.
  const isDoubted = tick.error instanceof ApiProblem && tick.error.status === 409
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isBusy) tick.mutate()
  }
  return (
    <form onSubmit={submit} noValidate className={styles.form}>
      <h3 className={styles.section}>{t('sbcs.order.applied')}</h3>
      <p className={styles.note}>{t('sbcs.order.appliedText')}</p>
      <Field label={t('sbcs.order.appliedBy')} hint={t('sbcs.order.appliedByHint')}>
        <Input value={appliedBy} maxLength={100} onChange={(_, { value }) => setAppliedBy(value)} />
      </Field>
      <Field label={t('sbcs.order.note')} hint={t('sbcs.order.noteHint')}>
        <Textarea value={note} maxLength={2_000} resize="vertical" onChange={(_, { value }) => setNote(value)} />
      </Field>
      {isDoubted && (
        <Checkbox
          label={t('sbcs.order.unverified')}
          checked={isUnverified}
          onChange={(_, { checked }) => setIsUnverified(checked === true)}
        />
      )}
      <ProblemNotice error={tick.error ?? refuse.error} />
      <div className={styles.actions}>
        <PermittedButton
          type="submit"
          appearance="primary"
          permission="sbcs.apply"
          verdict={order.actions.tickOffScriptOrder}
          disabledFocusable={isBusy}
        >
          {t(tick.isPending ? 'sbcs.order.ticking' : 'sbcs.order.tick')}
        </PermittedButton>
        <Button
          disabledFocusable={isBusy || note.trim() === '' || !order.actions.refuseScriptOrder.allowed}
          onClick={() => note.trim() !== '' && !isBusy && refuse.mutate()}
        >
          {t('sbcs.order.refuse')}
        </Button>
      </div>
    </form>
  )
}
