import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
} from '@fluentui/react-components'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { setLicensePool, type WireLicensePool } from '../../api/licenses.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import styles from './services.module.css'

/** How many licenses there are, and when somebody is told. */
export function PoolDialog({ pool, onClose }: { pool: WireLicensePool; onClose: () => void }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const [typed, setTyped] = useState({
    size: pool.size?.toString() ?? '',
    warning: String(pool.warningPercent),
    grace: String(pool.gracePercent),
  })
  const limits = {
    size: typed.size.trim() === '' ? null : Number(typed.size),
    warningPercent: Number(typed.warning),
    gracePercent: Number(typed.grace),
  }
  const isReadable =
    (limits.size === null || isWhole(limits.size, 0, 100_000_000)) &&
    isWhole(limits.warningPercent, 1, 100) &&
    isWhole(limits.gracePercent, 0, 100)
  const save = useMutation({
    mutationFn: () => setLicensePool(operatorId, { kind: pool.kind, channelId: pool.channel?.id ?? 0 }, limits),
    onSuccess: () => {
      onClose()
      return queries.invalidateQueries({ queryKey: ['license-pools', operatorId] })
    },
  })
  const isReady = isReadable && !save.isPending
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady) save.mutate()
  }
  const fields = [
    { name: 'size', label: t('services.pools.size'), hint: t('services.pools.sizeHint') },
    { name: 'warning', label: t('services.pools.warning'), hint: t('services.pools.warningHint') },
    { name: 'grace', label: t('services.pools.grace'), hint: t('services.pools.graceHint') },
  ] as const
  return (
    <Dialog open onOpenChange={(_, { open, type }) => !open && type !== 'backdropClick' && onClose()}>
      <DialogSurface style={{ maxWidth: 440 }}>
        <form onSubmit={submit} noValidate>
          <DialogBody>
            <DialogTitle>{t('services.pools.setTitle')}</DialogTitle>
            <DialogContent className={`${styles.form}`}>
              <p>
                {t(`services.pools.kinds.${pool.kind}`)} · {pool.channel?.name ?? t('services.pools.whole')}
              </p>
              {fields.map(({ name, label, hint }) => (
                <Field key={name} label={label} hint={hint}>
                  <Input
                    inputMode="numeric"
                    value={typed[name]}
                    onChange={(_, { value }) => setTyped({ ...typed, [name]: value })}
                  />
                </Field>
              ))}
              <ProblemNotice error={save.error} />
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t('form.cancel')}</Button>
              <Button type="submit" appearance="primary" disabledFocusable={!isReady}>
                {t(save.isPending ? 'form.saving' : 'form.save')}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  )
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most
}
