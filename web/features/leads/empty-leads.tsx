import { Button } from '@fluentui/react-components'
import { FilterDismissRegular } from '@fluentui/react-icons/svg/filter-dismiss'
import { OpenRegular } from '@fluentui/react-icons/svg/open'
import { PersonAddRegular } from '@fluentui/react-icons/svg/person-add'
import { PlugConnectedRegular } from '@fluentui/react-icons/svg/plug-connected'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import { connectionQuery, useSandbox } from '../../shell/sandbox.ts'
import { LinkButton } from '../../ui/link-button.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { isNarrowed, type LeadSearch, withoutFilters } from './lead-search.ts'

type EmptyLeadsProps = { isTenants: boolean; search: LeadSearch; onClear: (search: LeadSearch) => void }

/** Why there is nothing, and the one thing to do next. */
export function EmptyLeads({ isTenants, search, onClear }: EmptyLeadsProps) {
  const { t } = useTranslation()
  if (isNarrowed(search))
    return (
      <EmptyState
        icon={<FilterDismissRegular />}
        title={t('empty.narrowed')}
        action={<Button onClick={() => onClear(withoutFilters(search))}>{t('filter.clearAll')}</Button>}
      >
        {t(search.q?.trim() ? 'empty.narrowedSearch' : 'empty.narrowedFilters', { q: search.q })}
      </EmptyState>
    )
  if (isTenants)
    return (
      <EmptyState icon={<PersonAddRegular />} title={t('empty.tenants')}>
        {t('empty.tenantsText')}
      </EmptyState>
    )
  return <NoLeadsYet />
}

function NoLeadsYet() {
  const { t } = useTranslation()
  const operator = useOperator()
  const connection = useQuery(connectionQuery(operator)).data
  const sandbox = useSandbox()
  if (connection && !connection.configured)
    return (
      <EmptyState
        icon={<PlugConnectedRegular />}
        title={t('empty.notConnected')}
        action={
          <LinkButton to={paths.microsoft} params={{ operatorId: String(operator.operatorId) }} appearance="primary">
            {t('empty.connect')}
          </LinkButton>
        }
      >
        {t('empty.notConnectedText')}
      </EmptyState>
    )
  return (
    <EmptyState
      icon={<PersonAddRegular />}
      title={t('empty.leads')}
      action={
        sandbox?.simulatorUrl && (
          <Button
            as="a"
            href={sandbox.simulatorUrl}
            target="_blank"
            rel="noreferrer"
            appearance="primary"
            icon={<OpenRegular />}
          >
            {t('empty.playCustomer')}
          </Button>
        )
      }
    >
      {t(sandbox ? 'empty.leadsSandbox' : 'empty.leadsText')}
    </EmptyState>
  )
}
