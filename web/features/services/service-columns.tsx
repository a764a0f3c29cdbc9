import type { TFunction } from 'i18next'
import type { WireService } from '../../api/services.ts'
import type { GridColumn } from '../../ui/data-grid/grid-column.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Truncated } from '../../ui/truncated.tsx'
import { Deployment, Health, ServiceState } from './service-states.tsx'

/** Source: issue 7, 4; portal.md 12.1. */
export function serviceColumns(t: TFunction): GridColumn<WireService>[] {
  return [
    {
      id: 'shortName',
      header: t('license.shortName'),
      width: 108,
      sort: 'shortName',
      cell: ({ shortName }) => <Truncated text={shortName} />,
    },
    {
      id: 'fullName',
      header: t('license.fullName'),
      width: 104,
      grow: 1.6,
      sort: 'fullName',
      cell: ({ fullName }) => <Truncated text={fullName} />,
    },
    {
      id: 'state',
      header: t('services.stateLabel'),
      width: 118,
      cell: (service) => <ServiceState service={service} />,
    },
    {
      id: 'license',
      header: t('lead.licenseType'),
      width: 104,
      cell: ({ license }) => <Truncated text={license} />,
    },
    {
      id: 'customer',
      header: t('license.lcCustomer'),
      width: 92,
      grow: 0.8,
      cell: ({ lcCustomer }) => <Truncated text={lcCustomer?.name ?? t('lead.none')} quiet={lcCustomer === null} />,
    },
    {
      id: 'channel',
      header: t('lead.channelName'),
      width: 92,
      grow: 0.5,
      cell: ({ channel }) => (channel ? <Truncated text={channel.name} /> : null),
    },
    {
      id: 'connections',
      header: t('services.sip'),
      width: 52,
      align: 'end',
      cell: ({ connections }) => connections.toLocaleString(),
    },
    {
      id: 'deployment',
      header: t('services.deploymentLabel'),
      width: 138,
      cell: ({ deployment }) => <Deployment state={deployment} />,
    },
    { id: 'health', header: t('services.healthLabel'), width: 122, cell: ({ health }) => <Health state={health} /> },
    {
      id: 'numbers',
      header: t('services.usedNumbers'),
      width: 76,
      align: 'end',
      cell: ({ usedNumbers }) => usedNumbers.toLocaleString(),
    },
    {
      id: 'created',
      header: t('services.created'),
      width: 92,
      sort: 'arrival',
      cell: ({ createdAt }) => <RelativeTime instant={createdAt} />,
    },
  ]
}
