import { HeadsetRegular } from '@fluentui/react-icons/svg/headset'
import { WarningRegular } from '@fluentui/react-icons/svg/warning'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { listCallingProfiles, type WireCallingProfile } from '../../api/sbcs.ts'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { Page, PlainTable } from '../../ui/page.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { EmptyState, LoadingRows } from '../../ui/states.tsx'
import { StatusPill } from '../../ui/status-pill.tsx'
import '../../words/en-sbcs.ts'
import styles from './calling-profiles.module.css'

const REFRESH_MS = 30_000
const JOB = 'peering.sync-trunks-job'

/** Calling profiles as Microsoft has them, with our SBCs. Source: issue 7, 3. */
export function CallingProfilesPage() {
  const { t } = useTranslation()
  const { operatorId, can } = useOperator()
  const profiles = useQuery({
    queryKey: ['calling-profiles', operatorId],
    queryFn: ({ signal }) => listCallingProfiles(operatorId, signal),
    refetchInterval: REFRESH_MS,
  })
  const synced = profiles.data?.syncedAt
  const job = can('jobs.read') && (
    <Link to={paths.job} params={{ operatorId: String(operatorId), jobName: JOB }} className={`${styles.link}`}>
      {t('profiles.job')}
    </Link>
  )
  return (
    <Page
      title={t('navigation.callingProfiles')}
      text={
        <>
          {t('profiles.text')} {synced && t('profiles.read')} {synced && <RelativeTime instant={synced} />} {job}
        </>
      }
    >
      <ProblemNotice error={profiles.error} onRetry={() => void profiles.refetch()} />
      {profiles.isPending && <LoadingRows count={4} />}
      {profiles.data?.data.length === 0 && (
        <EmptyState icon={<HeadsetRegular />} title={t('profiles.none')}>
          {t(synced ? 'profiles.noneText' : 'profiles.neverText')}
        </EmptyState>
      )}
      {profiles.data && profiles.data.data.length > 0 && (
        <PlainTable label={t('navigation.callingProfiles')}>
          <thead>
            <tr>
              <th scope="col">{t('profiles.name')}</th>
              <th scope="col">{t('profiles.carrier')}</th>
              <th scope="col">{t('profiles.region')}</th>
              <th scope="col">{t('profiles.offers')}</th>
              <th scope="col">{t('profiles.emergency')}</th>
              <th scope="col">{t('profiles.trunks')}</th>
              <th scope="col">{t('profiles.warnings')}</th>
            </tr>
          </thead>
          <tbody>
            {profiles.data.data.map((profile) => (
              <Profile key={profile.id} profile={profile} />
            ))}
          </tbody>
        </PlainTable>
      )}
    </Page>
  )
}

function Profile({ profile }: { profile: WireCallingProfile }) {
  const { t } = useTranslation()
  return (
    <tr>
      <th scope="row">
        {profile.name}
        {profile.isEmergencyProfile && <small>{t('profiles.isEmergency')}</small>}
      </th>
      <td>{profile.carrier ?? '–'}</td>
      <td>{[profile.region, profile.environment].filter(Boolean).join(' · ') || '–'}</td>
      <td>{profile.offerTypes.map(({ name }) => name).join(', ') || '–'}</td>
      <td>{profile.emergencyDialStrings.join(', ') || '–'}</td>
      <td>
        {profile.trunks.map(({ id, fqdn, sbcs }) => (
          <div key={id}>
            {fqdn}
            <small>{sbcs.length > 0 ? sbcs.map(({ name }) => name).join(', ') : t('profiles.noSbc')}</small>
          </div>
        ))}
      </td>
      <td>
        {profile.warnings.map(({ code, detail }) => (
          <div key={`${code} ${detail}`}>
            <StatusPill tone={code === 'removed' ? 'quiet' : 'warn'} icon={<WarningRegular />}>
              {t(`profiles.warning.${code}`)}
            </StatusPill>
            <small>{detail}</small>
          </div>
        ))}
      </td>
    </tr>
  )
}
