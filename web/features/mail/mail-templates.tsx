import { Button } from '@fluentui/react-components'
import { AddRegular } from '@fluentui/react-icons/svg/add'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  deleteMailTemplate,
  listMailTemplates,
  restoreMailTemplate,
  type WireMailTemplate,
} from '../../api/mail-templates.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { PlainTable, RowButton, Section } from '../../ui/page.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { LoadingRows } from '../../ui/states.tsx'
import styles from './mail.module.css'
import { MailTemplateDialog } from './mail-template-dialog.tsx'

type Loss = { kind: 'delete' | 'restore'; template: WireMailTemplate }

/** Templates of mail to customers: added, changed, deleted, and given back the text they came with. */
export function MailTemplates() {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const queryKey = ['mail-templates', operatorId]
  const templates = useQuery({ queryKey, queryFn: ({ signal }) => listMailTemplates(operatorId, signal) })
  const [edited, setEdited] = useState<WireMailTemplate | 'new' | null>(null)
  const [loss, setLoss] = useState<Loss | null>(null)
  const change = useMutation({
    mutationFn: ({ kind, id }: { kind: Loss['kind']; id: string }): Promise<unknown> =>
      kind === 'delete' ? deleteMailTemplate(operatorId, id) : restoreMailTemplate(operatorId, id),
    onSuccess: () => setLoss(null),
    onSettled: () => queries.invalidateQueries({ queryKey }),
  })
  return (
    <Section title={t('customerMail.templates.title')} text={t('customerMail.templates.text')}>
      <ProblemNotice error={templates.error ?? (loss ? null : change.error)} />
      {templates.isPending && <LoadingRows count={4} />}
      {templates.data && (
        <>
          <PlainTable label={t('customerMail.templates.title')}>
            <thead>
              <tr>
                <th scope="col">{t('customerMail.templates.name')}</th>
                <th scope="col">{t('customerMail.templates.state')}</th>
                <th scope="col">{t('customerMail.templates.changed')}</th>
                <th scope="col">
                  <span className="only-read-aloud">{t('jobs.actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {templates.data.data.map((template) => (
                <TemplateRow
                  key={template.id}
                  template={template}
                  onEdit={() => setEdited(template)}
                  onLoss={(kind) => setLoss({ kind, template })}
                />
              ))}
            </tbody>
          </PlainTable>
          <div className={styles.templateFoot}>
            <Button icon={<AddRegular />} onClick={() => setEdited('new')}>
              {t('customerMail.templates.add')}
            </Button>
            {templates.data.removedBuiltIns.length > 0 && <span>{t('customerMail.templates.removed')}</span>}
            {templates.data.removedBuiltIns.map(({ id, name }) => (
              <Button
                key={id}
                size="small"
                disabledFocusable={change.isPending}
                onClick={() => change.mutate({ kind: 'restore', id })}
              >
                {t('customerMail.templates.restoreOf', { name })}
              </Button>
            ))}
          </div>
        </>
      )}
      {edited !== null && templates.data && (
        <MailTemplateDialog
          template={edited === 'new' ? null : edited}
          variables={templates.data.variables}
          onClose={() => setEdited(null)}
        />
      )}
      {loss && (
        <ConfirmDialog
          title={t(`customerMail.templates.${loss.kind}Ask`, { name: loss.template.name })}
          action={t(`customerMail.templates.${loss.kind}`)}
          isBusy={change.isPending}
          onConfirm={() => change.mutate({ kind: loss.kind, id: loss.template.id })}
          onClose={() => setLoss(null)}
        >
          <ProblemNotice error={change.error} />
          <p>{t(`customerMail.templates.${loss.kind}Text`)}</p>
          {loss.kind === 'delete' && loss.template.isBuiltIn && <p>{t('customerMail.templates.deleteBuiltIn')}</p>}
        </ConfirmDialog>
      )}
    </Section>
  )
}

type RowProps = { template: WireMailTemplate; onEdit: () => void; onLoss: (kind: Loss['kind']) => void }

function TemplateRow({ template, onEdit, onLoss }: RowProps) {
  const { t } = useTranslation()
  const { name, subject, isBuiltIn, isChanged, changedAt, changedBy } = template
  const button = (words: string, label: string, onClick: () => void) => (
    <Button size="small" aria-label={label} onClick={onClick}>
      {words}
    </Button>
  )
  return (
    <tr>
      <th scope="row">
        <RowButton onClick={onEdit}>
          <span dir="auto">{name}</span>
        </RowButton>
        <small dir="auto">{subject}</small>
      </th>
      <td>{t(isBuiltIn ? 'customerMail.templates.builtIn' : 'customerMail.templates.own')}</td>
      <td>
        {changedAt !== null && <RelativeTime instant={changedAt} />} <small>{changedBy}</small>
      </td>
      <td>
        <div className={styles.rowActions}>
          {isChanged &&
            button(t('customerMail.templates.restore'), t('customerMail.templates.restoreOf', { name }), () =>
              onLoss('restore'),
            )}
          {button(t('customerMail.templates.delete'), t('customerMail.templates.deleteOf', { name }), () =>
            onLoss('delete'),
          )}
        </div>
      </td>
    </tr>
  )
}
