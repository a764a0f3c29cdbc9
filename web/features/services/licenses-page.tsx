import { Button } from '@fluentui/react-components'
import { ArrowDownloadRegular } from '@fluentui/react-icons/svg/arrow-download'
import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle'
import { ErrorCircleRegular } from '@fluentui/react-icons/svg/error-circle'
import { WarningRegular } from '@fluentui/react-icons/svg/warning'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactElement, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { exportLicenseUsage, getLicenseUsage, listLicensePools, type WireLicensePool } from '../../api/licenses.ts'
import { paths } from '../../paths.ts'
import { startDownload } from '../../shell/downloads.ts'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { ChartCard } from '../../ui/charts/chart-card.tsx'
import { ColumnChart } from '../../ui/charts/column-chart.tsx'
import { wholeTicksUpTo } from '../../ui/charts/scale.ts'
import { serverNow } from '../../ui/clock.ts'
import { Page, PlainTable } from '../../ui/page.tsx'
import { LoadingRows } from '../../ui/states.tsx'
import { StatusPill, type Tone } from '../../ui/status-pill.tsx'
import { PoolDialog } from './pool-dialog.tsx'
import styles from './services.module.css'
import '../../words/en-home.ts'
import '../../words/en-services.ts'

const DAYS = 30
const DAY_MS = 86_400_000

const looks: Record<WireLicensePool['state'], { tone: Tone; icon: ReactElement }> = {
  ok: { tone: 'good', icon: <CheckmarkCircleRegular /> },
  warning: { tone: 'warn', icon: <WarningRegular /> },
  grace: { tone: 'warn', icon: <WarningRegular /> },
  exhausted: { tone: 'bad', icon: <ErrorCircleRegular /> },
}

/** Licenses there are and are used, by operator and channel, and how that went. Source: issue 7, 4; portal.md 12.9. */
export function LicensesPage() {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const pools = useQuery({
    queryKey: ['license-pools', operatorId],
    queryFn: ({ signal }) => listLicensePools(operatorId, signal),
  })
  const [asked, setAsked] = useState<WireLicensePool | null>(null)
  const csv = () =>
    void startDownload({
      fileName: 'license-usage.csv',
      unit: 'entries',
      help: null,
      begin: (signal) => exportLicenseUsage(operatorId, signal),
    })
  return (
    <Page
      title={t('services.pools.title')}
      text={t('services.pools.text')}
      actions={
        <Button icon={<ArrowDownloadRegular />} onClick={csv}>
          {t('services.pools.csv')}
        </Button>
      }
    >
      <ProblemNotice error={pools.error} onRetry={() => void pools.refetch()} />
      {pools.isPending && <LoadingRows count={2} />}
      {pools.data && <Pools pools={pools.data} onSet={setAsked} />}
      <Usage />
      {asked && <PoolDialog pool={asked} onClose={() => setAsked(null)} />}
    </Page>
  )
}

function Pools({ pools, onSet }: { pools: WireLicensePool[]; onSet: (pool: WireLicensePool) => void }) {
  const { t } = useTranslation()
  const { isWholeOperator } = useOperator()
  const columns = ['kind', 'of', 'size', 'used', 'left', 'warning', 'grace', 'stateLabel'] as const
  return (
    <PlainTable label={t('services.pools.title')}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {t(`services.pools.${column}`)}
            </th>
          ))}
          <th scope="col">
            <span className="only-read-aloud">{t('services.pools.set')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {pools.map((pool) => (
          <tr key={`${pool.kind} ${pool.channel?.id ?? 0}`}>
            <th scope="row">{t(`services.pools.kinds.${pool.kind}`)}</th>
            <td>{pool.channel?.name ?? t('services.pools.whole')}</td>
            <td>{pool.size?.toLocaleString() ?? t('services.pools.noLimit')}</td>
            <td>{pool.used.toLocaleString()}</td>
            <td>{pool.left?.toLocaleString() ?? '–'}</td>
            <td>{pool.warningPercent} %</td>
            <td>{pool.gracePercent} %</td>
            <td>
              <StatusPill {...looks[pool.state]}>{t(`services.pools.state.${pool.state}`)}</StatusPill>
            </td>
            <td>
              {isWholeOperator && (
                <PermittedButton size="small" permission="services.write" onClick={() => onSet(pool)}>
                  {t('services.pools.set')}
                </PermittedButton>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </PlainTable>
  )
}

function Usage() {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const params = { operatorId: String(operatorId) }
  const [from] = useState(() => new Date(serverNow() - (DAYS - 1) * DAY_MS).toISOString().slice(0, 10))
  const usage = useQuery({
    queryKey: ['license-usage', operatorId, from],
    queryFn: ({ signal }) => getLicenseUsage(operatorId, from, signal),
  })
  // The licenses of a day together: the table of the API has a line for each.
  const counts = new Map<string, number>()
  for (const { day, services } of usage.data ?? []) counts.set(day, (counts.get(day) ?? 0) + services)
  const days = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1))
  if (usage.isPending) return <LoadingRows count={3} />
  return (
    <div style={{ marginTop: 16 }}>
      <ProblemNotice error={usage.error} onRetry={() => void usage.refetch()} />
      <ChartCard
        title={t('services.pools.chart')}
        text={t('services.pools.chartText', { days: DAYS })}
        chart={
          days.length === 0 ? (
            <p className={styles.note}>{t('services.pools.none')}</p>
          ) : (
            <ColumnChart
              label={t('services.pools.chart')}
              ticks={wholeTicksUpTo(Math.max(...counts.values()))}
              tickText={(tick) => tick.toLocaleString()}
              columns={days.map(([day, count]) => ({
                ...{ key: day, label: day.slice(8), value: count.toLocaleString() },
                words: t('services.pools.words', { day, count }),
                parts: [count],
              }))}
              link={(_, props) => <Link to={paths.services} params={params} {...props} />}
            />
          )
        }
        table={
          <PlainTable label={t('services.pools.chart')}>
            <thead>
              <tr>
                <th scope="col">{t('services.pools.day')}</th>
                <th scope="col">{t('services.title')}</th>
              </tr>
            </thead>
            <tbody>
              {days.toReversed().map(([day, count]) => (
                <tr key={day}>
                  <th scope="row">{day}</th>
                  <td>{count.toLocaleString()}</td>
                </tr>
              ))}
            </tbody>
          </PlainTable>
        }
      />
    </div>
  )
}
