import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { WireHome } from '../../api/home.ts'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import { ChartCard } from '../../ui/charts/chart-card.tsx'
import { ColumnChart } from '../../ui/charts/column-chart.tsx'
import { ticksUpTo } from '../../ui/charts/scale.ts'
import { durationText } from '../../ui/dates.ts'
import { PlainTable } from '../../ui/page.tsx'
import { useLeadCount } from './arrivals.tsx'
import styles from './home.module.css'
import { mondayText, ofWeek, weekText } from './lead-lists.ts'

const UNITS = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3_600 },
  { unit: 'minute', seconds: 60 },
  { unit: 'second', seconds: 1 },
] as const

/** How long leads take from the customer's consent to a channel. Source: issue 6, 5. */
export function SpeedCard({ home: { weeks, medianSeconds, licenseMedianSeconds } }: { home: WireHome }) {
  const { t } = useTranslation()
  const params = { operatorId: String(useOperator().operatorId) }
  const countWords = useLeadCount()
  const longest = Math.max(0, ...weeks.map((one) => one.medianSeconds ?? 0))
  // One unit for the whole picture, so that its columns can be compared.
  const { unit, seconds } = UNITS.find((one) => longest >= one.seconds) ?? UNITS[3]
  const inUnit = (value: number) =>
    (value / seconds).toLocaleString(undefined, {
      style: 'unit',
      unit,
      unitDisplay: 'narrow',
      maximumFractionDigits: 1,
    })
  const words = ({ week, leads, given, medianSeconds: median }: WireHome['weeks'][number]) => {
    const facts = { days: weekText(week), leads: countWords(leads), given: given.toLocaleString() }
    return median === null ? t('home.speedNone', facts) : t('home.speedWords', { ...facts, time: durationText(median) })
  }
  const chart =
    medianSeconds === null ? (
      <p className={styles.none}>{t('home.noSpeed')}</p>
    ) : (
      <>
        <ColumnChart
          label={t('home.speed')}
          ticks={ticksUpTo(longest / seconds).map((tick) => tick * seconds)}
          tickText={inUnit}
          columns={weeks.map((one) => ({
            ...{ key: one.week, label: mondayText(one.week), words: words(one) },
            value: one.medianSeconds === null ? '' : inUnit(one.medianSeconds),
            parts: [one.medianSeconds ?? 0],
          }))}
          link={({ key }, props) => <Link to={paths.leads} params={params} search={ofWeek(key)} {...props} />}
        />
        <p className={styles.more}>{t('home.speedAll', { time: durationText(medianSeconds) })}</p>
      </>
    )
  return (
    <ChartCard
      className={styles.wide ?? ''}
      title={t('home.speed')}
      text={t('home.speedText')}
      chart={
        <>
          {chart}
          {licenseMedianSeconds !== null && (
            <p className={styles.more}>{t('home.licenseAll', { time: durationText(licenseMedianSeconds) })}</p>
          )}
        </>
      }
      table={<SpeedTable weeks={weeks} />}
    />
  )
}

function SpeedTable({ weeks }: Pick<WireHome, 'weeks'>) {
  const { t } = useTranslation()
  const params = { operatorId: String(useOperator().operatorId) }
  return (
    <div className={styles.table}>
      <PlainTable label={t('chart.table', { title: t('home.speed') })}>
        <thead>
          <tr>
            <th scope="col">{t('home.week')}</th>
            <th scope="col">{t('home.all')}</th>
            <th scope="col">{t('home.given')}</th>
            <th scope="col">{t('home.median')}</th>
            <th scope="col">{t('home.licenseMedian')}</th>
          </tr>
        </thead>
        <tbody>
          {[...weeks].reverse().map(({ week, leads, given, medianSeconds, licenseMedianSeconds }) => (
            <tr key={week}>
              <th scope="row">
                <Link to={paths.leads} params={params} search={ofWeek(week)}>
                  {weekText(week)}
                </Link>
              </th>
              <td>{leads.toLocaleString()}</td>
              <td>{given.toLocaleString()}</td>
              <td>{medianSeconds === null ? '–' : durationText(medianSeconds)}</td>
              <td>{licenseMedianSeconds === null ? '–' : durationText(licenseMedianSeconds)}</td>
            </tr>
          ))}
        </tbody>
      </PlainTable>
    </div>
  )
}
