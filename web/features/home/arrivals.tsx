import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { WireHome } from '../../api/home.ts'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import { BarList } from '../../ui/charts/bar-list.tsx'
import { ChartCard } from '../../ui/charts/chart-card.tsx'
import { ColumnChart, Legend } from '../../ui/charts/column-chart.tsx'
import { wholeTicksUpTo } from '../../ui/charts/scale.ts'
import { countryName, flagOf } from '../../ui/countries.ts'
import { PlainTable } from '../../ui/page.tsx'
import styles from './home.module.css'
import { type ListSearch, mondayText, ofCountry, ofWeek, weekText } from './lead-lists.ts'

type ArrivalsProps = { home: WireHome }
const compact = new Intl.NumberFormat(undefined, { notation: 'compact' })

/** New leads by week, with those that have a license by now. */
export function WeeksCard({ home: { weeks } }: ArrivalsProps) {
  const { t } = useTranslation()
  const params = { operatorId: String(useOperator().operatorId) }
  const countWords = useLeadCount()
  const chart = (
    <>
      <ColumnChart
        label={t('home.cameInText')}
        ticks={wholeTicksUpTo(Math.max(...weeks.map(({ leads }) => leads)))}
        tickText={(tick) => compact.format(tick)}
        columns={weeks.map(({ week, leads, licensed }) => ({
          ...{ key: week, label: mondayText(week), value: leads === 0 ? '' : compact.format(leads) },
          words: t('home.weekWords', {
            ...{ days: weekText(week), leads: countWords(leads), licensed },
            // The list that it leads to holds no licensed ones: they are tenants, one tab further.
            open: (leads - licensed).toLocaleString(),
          }),
          parts: [leads - licensed, licensed],
        }))}
        link={({ key }, props) => <Link to={paths.leads} params={params} search={ofWeek(key)} {...props} />}
      />
      {weeks.every(({ leads }) => leads === 0) ? (
        <p className={styles.none}>{t('home.noWeeks', { weeks: weeks.length })}</p>
      ) : (
        <Legend first={t('home.newLeads')} second={t('home.licensed')} />
      )}
    </>
  )
  return (
    <ChartCard
      className={styles.wide ?? ''}
      title={t('home.cameIn')}
      text={t('home.cameInText')}
      chart={chart}
      table={
        <CohortTable
          label={t('chart.table', { title: t('home.cameIn') })}
          head={t('home.week')}
          rows={[...weeks]
            .reverse()
            .map((row) => ({ ...row, key: row.week, name: weekText(row.week), search: ofWeek(row.week) }))}
        />
      }
    />
  )
}

export function CountriesCard({ home: { weeks, countries, otherCountries } }: ArrivalsProps) {
  const { t } = useTranslation()
  const params = { operatorId: String(useOperator().operatorId) }
  const countWords = useLeadCount()
  const more = otherCountries > 0 && <p className={styles.more}>{t('home.moreCountries', { count: otherCountries })}</p>
  const none = countries.length === 0 && <p className={styles.none}>{t('home.noCountries')}</p>
  return (
    <ChartCard
      title={t('home.countries')}
      text={t('home.countriesText', { weeks: weeks.length })}
      chart={
        <>
          <BarList
            label={t('home.countries')}
            bars={countries.map(({ country, leads, licensed }) => ({
              ...{ key: country, value: leads, text: leads.toLocaleString() },
              name: [flagOf(country), countryName(country)].filter(Boolean).join(' '),
              words: t('home.countryWords', {
                ...{ country: countryName(country), leads: countWords(leads), licensed },
                open: (leads - licensed).toLocaleString(),
              }),
            }))}
            link={({ key }, props) => (
              <Link to={paths.leads} params={params} search={ofCountry(key, weeks)} {...props} />
            )}
          />
          {none}
          {more}
        </>
      }
      table={
        <>
          <CohortTable
            label={t('chart.table', { title: t('home.countries') })}
            head={t('home.country')}
            rows={countries.map((row) => ({
              ...{ ...row, key: row.country, name: countryName(row.country), search: ofCountry(row.country, weeks) },
            }))}
          />
          {more}
        </>
      }
    />
  )
}

/** "17 leads" in the reader's language. */
export function useLeadCount(): (leads: number) => string {
  const { t } = useTranslation()
  return (leads) => t('home.leadCount', { count: leads, shown: leads.toLocaleString() })
}

type CohortRow = { key: string; name: string; leads: number; licensed: number; search: ListSearch }

/** The counts as a table; each number leads to the list that holds those leads. */
function CohortTable({ label, head, rows }: { label: string; head: string; rows: readonly CohortRow[] }) {
  const { t } = useTranslation()
  const params = { operatorId: String(useOperator().operatorId) }
  return (
    <div className={styles.table}>
      <PlainTable label={label}>
        <thead>
          <tr>
            <th scope="col">{head}</th>
            <th scope="col">{t('home.leads')}</th>
            <th scope="col">{t('home.tenants')}</th>
            <th scope="col">{t('home.all')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, name, leads, licensed, search }) => (
            <tr key={key}>
              <th scope="row">{name}</th>
              <td>
                <Link to={paths.leads} params={params} search={search}>
                  {(leads - licensed).toLocaleString()}
                </Link>
              </td>
              <td>
                <Link to={paths.tenants} params={params} search={search}>
                  {licensed.toLocaleString()}
                </Link>
              </td>
              <td>{leads.toLocaleString()}</td>
            </tr>
          ))}
        </tbody>
      </PlainTable>
    </div>
  )
}
