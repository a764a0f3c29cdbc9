import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle'
import { ClipboardTaskRegular } from '@fluentui/react-icons/svg/clipboard-task'
import { ErrorCircleRegular } from '@fluentui/react-icons/svg/error-circle'
import { HourglassRegular } from '@fluentui/react-icons/svg/hourglass'
import { SubtractCircleRegular } from '@fluentui/react-icons/svg/subtract-circle'
import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import type { WireScriptOrder } from '../../api/sbcs.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { PlainTable, RowButton } from '../../ui/page.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { EmptyState, LoadingRows } from '../../ui/states.tsx'
import { StatusPill, type Tone } from '../../ui/status-pill.tsx'
import { ordersQuery } from './sbc-queries.ts'

const looks: Record<WireScriptOrder['state'], { tone: Tone; icon: ReactElement }> = {
  open: { tone: 'wait', icon: <HourglassRegular /> },
  done: { tone: 'good', icon: <CheckmarkCircleRegular /> },
  refused: { tone: 'bad', icon: <ErrorCircleRegular /> },
  withdrawn: { tone: 'quiet', icon: <SubtractCircleRegular /> },
}

export function OrderState({ order: { state } }: { order: WireScriptOrder }) {
  const { t } = useTranslation()
  return <StatusPill {...looks[state]}>{t(`sbcs.order.state.${state}`)}</StatusPill>
}

/** Scripts that somebody applies by hand; those that wait are first. */
export function OrderList({ onOpen }: { onOpen: (orderId: string) => void }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const orders = useQuery(ordersQuery(operatorId))
  const sorted = orders.data?.toSorted((a, b) => Number(b.state === 'open') - Number(a.state === 'open')) ?? []
  return (
    <>
      <ProblemNotice error={orders.error} onRetry={() => void orders.refetch()} />
      {orders.isPending && <LoadingRows count={4} />}
      {orders.data?.length === 0 && (
        <EmptyState icon={<ClipboardTaskRegular />} title={t('sbcs.order.none')}>
          {t('sbcs.order.noneText')}
        </EmptyState>
      )}
      {sorted.length > 0 && (
        <PlainTable label={t('sbcs.tab.orders')}>
          <thead>
            <tr>
              <th scope="col">{t('sbcs.order.title')}</th>
              <th scope="col">{t('sbcs.order.stateLabel')}</th>
              <th scope="col">{t('sbcs.device.one')}</th>
              <th scope="col">{t('sbcs.template.purpose')}</th>
              <th scope="col">{t('sbcs.order.asked')}</th>
              <th scope="col">{t('sbcs.order.closed')}</th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((order) => (
              <tr key={order.id}>
                <th scope="row">
                  <RowButton onClick={() => onOpen(order.id)}>{order.title}</RowButton>
                </th>
                <td>
                  <OrderState order={order} />
                </td>
                <td>{order.sbcName}</td>
                <td>{t(`sbcs.purpose.${order.purpose}`)}</td>
                <td>
                  <RelativeTime instant={order.createdAt} />
                </td>
                <td>{order.closedAt ? <RelativeTime instant={order.closedAt} /> : '–'}</td>
              </tr>
            ))}
          </tbody>
        </PlainTable>
      )}
    </>
  )
}
