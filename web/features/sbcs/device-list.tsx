import { RouterRegular } from '@fluentui/react-icons/svg/router'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { WireSbc } from '../../api/sbcs.ts'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { PlainTable, RowButton } from '../../ui/page.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { EmptyState, LoadingRows } from '../../ui/states.tsx'
import { SbcHealth } from './sbc-health.tsx'
import { sbcsQuery } from './sbc-queries.ts'

export function DeviceList({ onOpen, onNew }: { onOpen: (sbcId: number) => void; onNew: () => void }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const sbcs = useQuery(sbcsQuery(operatorId))
  return (
    <>
      <ProblemNotice error={sbcs.error} onRetry={() => void sbcs.refetch()} />
      {sbcs.isPending && <LoadingRows count={4} />}
      {sbcs.data?.length === 0 && (
        <EmptyState
          icon={<RouterRegular />}
          title={t('sbcs.device.none')}
          action={
            <PermittedButton appearance="primary" permission="sbcs.manage" onClick={onNew}>
              {t('sbcs.device.new')}
            </PermittedButton>
          }
        >
          {t('sbcs.device.noneText')}
        </EmptyState>
      )}
      {sbcs.data && sbcs.data.length > 0 && (
        <PlainTable label={t('sbcs.tab.devices')}>
          <thead>
            <tr>
              <th scope="col">{t('sbcs.device.name')}</th>
              <th scope="col">{t('sbcs.device.health')}</th>
              <th scope="col">{t('sbcs.device.mode')}</th>
              <th scope="col">{t('sbcs.device.version')}</th>
              <th scope="col">{t('sbcs.device.trunks')}</th>
              <th scope="col">{t('sbcs.device.ipGroups')}</th>
              <th scope="col">{t('sbcs.device.orders')}</th>
              <th scope="col">{t('sbcs.device.lastContact')}</th>
            </tr>
          </thead>
          <tbody>
            {sbcs.data.map((sbc) => (
              <Device key={sbc.id} sbc={sbc} onOpen={onOpen} />
            ))}
          </tbody>
        </PlainTable>
      )}
    </>
  )
}

function Device({ sbc, onOpen }: { sbc: WireSbc; onOpen: (sbcId: number) => void }) {
  const { t } = useTranslation()
  const groups = sbc.tables.find(({ table }) => table === 'ip-group')
  const limit = groups?.limit ?? sbc.ipGroupsMax
  return (
    <tr>
      <th scope="row">
        <RowButton onClick={() => onOpen(sbc.id)}>{sbc.name}</RowButton>
        <small>{[sbc.make, sbc.address].filter(Boolean).join(' · ')}</small>
      </th>
      <td>
        <SbcHealth sbc={sbc} />
      </td>
      <td>{t(`sbcs.mode.${sbc.mode}`)}</td>
      <td>{sbc.facts?.version ?? '–'}</td>
      <td>{sbc.trunkFqdns.join(', ') || '–'}</td>
      <td>{groups ? `${groups.used} / ${limit ?? '?'}` : '–'}</td>
      <td>{sbc.openOrders}</td>
      <td>{sbc.health.lastContactAt ? <RelativeTime instant={sbc.health.lastContactAt} /> : '–'}</td>
    </tr>
  )
}
