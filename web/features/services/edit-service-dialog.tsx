import { Field, Input } from '@fluentui/react-components'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { updateService, type WireService } from '../../api/services.ts'
import { FormDialog } from '../../shell/form-dialog.tsx'
import { LcCustomerChoice } from '../../shell/lc-customer-choice.tsx'
import { useOperator } from '../../shell/operator.ts'
import { useServiceRefresh } from '../../shell/service-refresh.ts'
import { useToast } from '../../ui/toasts.tsx'
import { serviceQuery } from './service-queries.ts'
import styles from './services.module.css'

const FULL_NAME_MAX = 256

/** Its full name, and the customer it hangs on. The short name stays: it is on the SBC. */
export function EditServiceDialog({ service, onClose }: { service: WireService; onClose: () => void }) {
  const { t } = useTranslation()
  const { operatorId, isWholeOperator } = useOperator()
  const refresh = useServiceRefresh()
  const toast = useToast()
  // With the tag of what is shown, so that nobody's change is lost.
  const [opened] = useState(service.changedAt)
  const known = useQuery(serviceQuery(operatorId, service.id))
  const tag = known.data?.body.changedAt === opened ? known.data.tag : null
  const [fullName, setFullName] = useState(service.fullName)
  const [customerId, setCustomerId] = useState<number | null>(service.lcCustomer?.id ?? null)
  const before = service.lcCustomer?.id ?? null
  const save = useMutation({
    mutationFn: () =>
      updateService(
        operatorId,
        service.id,
        {
          ...(fullName.trim() !== service.fullName && { fullName: fullName.trim() }),
          ...(customerId !== before && { lcCustomerId: customerId }),
        },
        tag,
      ),
    onSuccess: () => {
      toast('success', t('services.edit.saved', { name: fullName.trim() }))
      onClose()
      return refresh(operatorId)
    },
  })
  const isChanged = fullName.trim() !== service.fullName || customerId !== before
  const isReady = fullName.trim() !== '' && isChanged && !save.isPending
  const mayMove = isWholeOperator && service.actions.changeLcCustomer.allowed
  return (
    <FormDialog
      title={t('services.edit.title', { name: service.shortName })}
      action={t(save.isPending ? 'form.saving' : 'form.save')}
      width={520}
      isReady={isReady}
      error={save.error}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <Field label={t('license.fullName')} required>
        <Input
          value={fullName}
          maxLength={FULL_NAME_MAX}
          input={{ dir: 'auto' }}
          onChange={(_, { value }) => setFullName(value)}
        />
      </Field>
      {mayMove && (
        <LcCustomerChoice
          channelId={service.channel?.id ?? null}
          chosenId={before}
          proposedName={service.fullName}
          onChoose={setCustomerId}
        />
      )}
      <p className={styles.note}>{t('services.edit.text')}</p>
    </FormDialog>
  )
}
