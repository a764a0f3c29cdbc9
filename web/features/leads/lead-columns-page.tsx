import { useTranslation } from 'react-i18next'
import type { LeadCsvColumn } from '../../../contract/leads.ts'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import { LinkButton } from '../../ui/link-button.tsx'
import { Page, PlainTable } from '../../ui/page.tsx'

/** In the order of the file; a column that is added there and not here does not compile. */
const columns: Record<LeadCsvColumn, true> = {
  'Contact Name': true,
  'Contact Email': true,
  'Contact Phone': true,
  'Company Name': true,
  Size: true,
  Market: true,
  'Microsoft Status': true,
  'License Type': true,
  Processing: true,
  'Tenant ID': true,
  'Consented On': true,
  'Last Modified': true,
  'Channel Name': true,
  Consentless: true,
  'Service ID': true,
  'Lead ID': true,
  'CRM ID': true,
  Order: true,
  'Billing Account': true,
  Owner: true,
  Due: true,
}

/** What is in the exported file, column by column. Source: issue 3, 3 ("columns documented"). */
export function LeadColumnsPage() {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  return (
    <Page
      title={t('export.columnsTitle')}
      text={t('export.columnsText')}
      actions={
        <LinkButton to={paths.leads} params={{ operatorId: String(operatorId) }}>
          {t('export.back')}
        </LinkButton>
      }
    >
      <PlainTable label={t('export.columnsTitle')}>
        <thead>
          <tr>
            <th scope="col">{t('export.column')}</th>
            <th scope="col">{t('export.meaning')}</th>
            <th scope="col">{t('export.example')}</th>
          </tr>
        </thead>
        <tbody>
          {(Object.keys(columns) as LeadCsvColumn[]).map((column) => (
            <tr key={column}>
              <th scope="row">{column}</th>
              <td>{t(`export.columns.${column}.meaning`)}</td>
              <td dir="ltr">{t(`export.columns.${column}.example`)}</td>
            </tr>
          ))}
        </tbody>
      </PlainTable>
    </Page>
  )
}
