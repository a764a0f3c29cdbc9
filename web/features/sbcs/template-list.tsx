import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { PlainTable, RowButton } from '../../ui/page.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { LoadingRows } from '../../ui/states.tsx'
import { templatesQuery } from './sbc-queries.ts'

export function TemplateList({ onOpen }: { onOpen: (templateId: number) => void }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const templates = useQuery(templatesQuery(operatorId))
  return (
    <>
      <ProblemNotice error={templates.error} onRetry={() => void templates.refetch()} />
      {templates.isPending && <LoadingRows count={6} />}
      {templates.data && (
        <PlainTable label={t('sbcs.tab.templates')}>
          <thead>
            <tr>
              <th scope="col">{t('sbcs.template.name')}</th>
              <th scope="col">{t('sbcs.template.purpose')}</th>
              <th scope="col">{t('sbcs.field.make')}</th>
              <th scope="col">{t('sbcs.template.version')}</th>
              <th scope="col">{t('sbcs.template.changed')}</th>
            </tr>
          </thead>
          <tbody>
            {templates.data.map((template) => (
              <tr key={template.id}>
                <th scope="row">
                  <RowButton onClick={() => onOpen(template.id)}>{template.name}</RowButton>
                  <small dir="auto">{template.description}</small>
                </th>
                <td>{t(`sbcs.purpose.${template.purpose}`)}</td>
                <td>{template.make}</td>
                <td>{template.version}</td>
                <td>
                  {template.changedAt ? <RelativeTime instant={template.changedAt} /> : t('sbcs.template.builtIn')}
                </td>
              </tr>
            ))}
          </tbody>
        </PlainTable>
      )}
    </>
  )
}
