import { Field, Input } from '@fluentui/react-components'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { setLicensePool, type WireLicensePool } from '../../api/licenses.ts'
import { FormDialog } from '../../shell/form-dialog.tsx'
import { useOperator } from '../../shell/operator.ts'

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
  const fields = [
    { name: 'size', label: t('services.pools.size'), hint: t('services.pools.sizeHint') },
    { name: 'warning', label: t('services.pools.warning'), hint: t('services.pools.warningHint') },
    { name: 'grace', label: t('services.pools.grace'), hint: t('services.pools.graceHint') },
  ] as const
  return (
    <FormDialog
      title={t('services.pools.setTitle')}
      action={t(save.isPending ? 'form.saving' : 'form.save')}
      width={440}
      isReady={isReady}
      error={save.error}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
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
    </FormDialog>
  )
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most
}
