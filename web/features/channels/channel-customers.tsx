import { Field, Input } from '@fluentui/react-components'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createLcCustomer, deleteLcCustomer, type WireChannelDetail, type WireLcCustomer } from '../../api/channels.ts'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { FormActions, Section } from '../../ui/page.tsx'
import { LoadingRows } from '../../ui/states.tsx'
import { channelCustomersQuery } from './channel-queries.ts'

/** The channel's customers in the sense of the documented API: what services hang on. */
export function ChannelCustomers({ channel }: { channel: WireChannelDetail }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const customers = useQuery(channelCustomersQuery(operatorId, channel.id))
  const [name, setName] = useState('')
  const [leaving, setLeaving] = useState<WireLcCustomer | null>(null)
  const refresh = () => queries.invalidateQueries({ queryKey: ['channels', operatorId] })
  const create = useMutation({
    mutationFn: () => createLcCustomer(operatorId, { name: name.trim(), channelId: channel.id }),
    onSuccess: () => {
      setName('')
      return refresh()
    },
  })
  const remove = useMutation({
    mutationFn: (customer: WireLcCustomer) => deleteLcCustomer(operatorId, customer.id),
    onSuccess: () => {
      setLeaving(null)
      return refresh()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate()
  }
  return (
    <Section title={t('channels.customers')} text={t('channels.customersText')}>
      <ProblemNotice error={customers.error ?? create.error} />
      {customers.isPending && <LoadingRows count={2} />}
      {customers.data?.length === 0 && <p>{t('channels.noCustomers')}</p>}
      {customers.data && customers.data.length > 0 && (
        <ul style={{ listStyle: 'none', margin: '0 0 12px', padding: 0 }}>
          {customers.data.map((customer) => (
            <li key={customer.id} style={{ display: 'flex', alignItems: 'center', gap: 8 }}>
              <span dir="auto" style={{ flex: 1 }}>
                {customer.name} <small>({customer.id})</small>
              </span>
              <PermittedButton
                appearance="subtle"
                permission="services.write"
                aria-label={t('channels.deleteCustomer', { name: customer.name })}
                onClick={() => setLeaving(customer)}
              >
                {t('channels.deleteShort')}
              </PermittedButton>
            </li>
          ))}
        </ul>
      )}
      <form onSubmit={submit}>
        <Field label={t('channels.newCustomer')}>
          <Input value={name} maxLength={200} onChange={(_, { value }) => setName(value)} />
        </Field>
        <FormActions>
          <PermittedButton
            type="submit"
            permission="services.write"
            disabledFocusable={create.isPending || name.trim() === ''}
          >
            {t('channels.addCustomer')}
          </PermittedButton>
        </FormActions>
      </form>
      {leaving && (
        <ConfirmDialog
          title={t('channels.deleteCustomer', { name: leaving.name })}
          action={t('channels.deleteShort')}
          isBusy={remove.isPending}
          onConfirm={() => remove.mutate(leaving)}
          onClose={() => setLeaving(null)}
        >
          <ProblemNotice error={remove.error} />
          {t('channels.deleteCustomerText')}
        </ConfirmDialog>
      )}
    </Section>
  )
}
