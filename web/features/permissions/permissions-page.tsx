import { CheckmarkRegular } from '@fluentui/react-icons/svg/checkmark'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { listRoles } from '../../api/people.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { Page, PlainTable } from '../../ui/page.tsx'
import { LoadingRows } from '../../ui/states.tsx'

/** Who may do what: generated from the contract, the same as in the documentation. Source: portal.md 16, 33. */
export function PermissionsPage() {
  const { t } = useTranslation()
  const roles = useQuery({
    queryKey: ['roles'],
    queryFn: ({ signal }) => listRoles(signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const matrix = roles.data
  return (
    <Page title={t('navigation.permissions')} text={t('permissions.text')}>
      <ProblemNotice error={roles.error} onRetry={() => void roles.refetch()} />
      {roles.isPending && <LoadingRows />}
      {matrix && (
        <PlainTable label={t('navigation.permissions')} isMatrix>
          <thead>
            <tr>
              <td />
              {matrix.tiers.map(({ id, meaning }) => (
                <th key={id} scope="colgroup" colSpan={matrix.levels.length} title={meaning}>
                  {t(`role.tier.${id as 'operator'}`)}
                </th>
              ))}
            </tr>
            <tr>
              <th scope="col">{t('permissions.permission')}</th>
              {matrix.roles.map(({ tier, level }) => (
                <th key={`${tier} ${level}`} scope="col">
                  {t(`role.level.${level as 'operator'}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {matrix.permissions.map(({ id, meaning }) => (
              <tr key={id}>
                <th scope="row">
                  {meaning}
                  <small>{id}</small>
                </th>
                {matrix.roles.map(({ tier, level, permissions }) => (
                  <td key={`${tier} ${level}`}>
                    {(permissions as string[]).includes(id) ? (
                      <CheckmarkRegular aria-label={t('permissions.yes')} fontSize={18} />
                    ) : (
                      <span className="only-read-aloud">{t('permissions.no')}</span>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </PlainTable>
      )}
    </Page>
  )
}
