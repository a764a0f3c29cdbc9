import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Textarea,
} from '@fluentui/react-components'
import { useMutation } from '@tanstack/react-query'
import { type ChangeEvent, type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Adoption, adoptServices } from '../../api/services.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { useServiceRefresh } from '../../shell/service-refresh.ts'
import { PlainTable } from '../../ui/page.tsx'
import { useToast } from '../../ui/toasts.tsx'
import styles from './services.module.css'

const SHOWN_MAX = 200
/** Heads of the file, as the API reads them. Source: contract/services.ts. */
const adoptionColumns = ['Tenant ID', 'Short Name', 'Full Name', 'LC Customer ID', 'License', 'Service ID', 'SBC ID']

/** Takes over tenants that are live already: first what would come of each line, then it is done. Source: issue 7, 4. */
export function AdoptionDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const refresh = useServiceRefresh()
  const toast = useToast()
  const [csv, setCsv] = useState(`${adoptionColumns.join(',')}\n`)
  const adopt = useMutation({
    mutationFn: (dryRun: boolean) => adoptServices(operatorId, { csv, dryRun }),
    onSuccess: ({ dryRun, adopted }) => {
      if (dryRun) return
      toast('success', t('services.adopt.done', { count: adopted }))
      onClose()
      return refresh(operatorId)
    },
  })
  const tried = adopt.data?.dryRun ? adopt.data : null
  const ready = tried?.rows.filter(({ outcome }) => outcome === 'ready').length ?? 0
  const change = (text: string) => {
    setCsv(text)
    adopt.reset()
  }
  const read = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0]
    if (file) change(await file.text())
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!adopt.isPending) adopt.mutate(!(tried && ready > 0))
  }
  return (
    // A click beside it must not lose what was typed.
    <Dialog open onOpenChange={(_, { open, type }) => !open && type !== 'backdropClick' && onClose()}>
      <DialogSurface style={{ maxWidth: 860 }}>
        <form onSubmit={submit} noValidate>
          <DialogBody>
            <DialogTitle>{t('services.adopt.title')}</DialogTitle>
            <DialogContent className={`${styles.form}`}>
              <p>{t('services.adopt.text')}</p>
              <Field
                label={t('services.adopt.file')}
                hint={t('services.adopt.columns', { columns: adoptionColumns.join(', ') })}
              >
                <input type="file" accept=".csv,text/csv" onChange={(event) => void read(event)} />
              </Field>
              <Field label={t('services.adopt.lines')}>
                <Textarea
                  value={csv}
                  rows={6}
                  resize="vertical"
                  textarea={{ dir: 'ltr', spellCheck: false }}
                  onChange={(_, { value }) => change(value)}
                />
              </Field>
              <ProblemNotice error={adopt.error} />
              {tried && <Outcome tried={tried} />}
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t('form.cancel')}</Button>
              <Button type="submit" appearance="primary" disabledFocusable={adopt.isPending}>
                {tried && ready > 0 ? t('services.adopt.go', { count: ready }) : t('services.adopt.try')}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  )
}

function Outcome({ tried: { rows } }: { tried: Adoption }) {
  const { t } = useTranslation()
  return (
    <>
      <PlainTable label={t('services.adopt.title')}>
        <thead>
          <tr>
            <th scope="col">{t('services.adopt.line')}</th>
            <th scope="col">{t('license.shortName')}</th>
            <th scope="col">{t('services.adopt.outcome')}</th>
            <th scope="col">{t('services.adopt.why')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, SHOWN_MAX).map((row) => (
            <tr key={row.line}>
              <td>{row.line}</td>
              <th scope="row">
                {row.shortName}
                <small>{row.tenantId}</small>
              </th>
              <td className={row.outcome === 'refused' ? styles.flaw : undefined}>
                {t(`services.adopt.is.${row.outcome}`)}
              </td>
              <td>{[...row.flaws.map(({ detail }) => detail), ...row.found].join(' ')}</td>
            </tr>
          ))}
        </tbody>
      </PlainTable>
      {rows.length > SHOWN_MAX && <p>{t('services.adopt.more', { count: rows.length - SHOWN_MAX })}</p>}
    </>
  )
}
