import { Combobox, Field, Option, OptionGroup } from '@fluentui/react-components'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createLcCustomer, listLcCustomers, type WireLcCustomer } from '../api/channels.ts'
import { useOperator } from './operator.ts'
import { ProblemNotice } from './problem-notice.tsx'
import '../words/en-services.ts'

const NEW = 'new'
const OFFERED_MAX = 100
const NAME_MAX = 100

type LcCustomerChoiceProps = {
  /** Only this channel's are offered, and a new one is made in it; null: those of no channel. */
  channelId: number | null
  /** Shown at first. */
  chosenId?: number | null
  /** A new one is likely called so. */
  proposedName: string
  error?: string | undefined
  onChoose: (customerId: number | null) => void
}

/** A customer to hang a service on, by its name, typed or picked, or made in place. Source: seed 004, "LcCustomer". */
export function LcCustomerChoice(props: LcCustomerChoiceProps) {
  const { channelId, chosenId = null, proposedName, error, onChoose } = props
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const customers = useQuery({
    queryKey: ['lc-customers', operatorId, channelId ?? 0],
    queryFn: ({ signal }) => listLcCustomers(operatorId, channelId ?? 0, signal),
  })
  const [text, setText] = useState('')
  const all = customers.data
  useFirstChoice(all, chosenId, (customer) => {
    setText(customer.name)
    onChoose(customer.id)
  })
  const queries = useQueryClient()
  const create = useMutation({
    mutationFn: (name: string) => createLcCustomer(operatorId, { name, ...(channelId !== null && { channelId }) }),
    onSuccess: async (customer) => {
      setText(customer.name)
      onChoose(customer.id)
      await queries.invalidateQueries({ queryKey: ['lc-customers', operatorId] })
    },
  })
  const wanted = text.trim().toLowerCase()
  const isPicked = (all ?? []).some(({ name }) => name === text)
  const offered = (all ?? []).filter(
    ({ name, fullName }) => isPicked || `${name}\n${fullName ?? ''}`.toLowerCase().includes(wanted),
  )
  const newName = (isPicked || wanted === '' ? proposedName : text).trim().slice(0, NAME_MAX)
  const isTaken = (all ?? []).some(({ name }) => name.toLowerCase() === newName.toLowerCase())
  return (
    <>
      <ProblemNotice error={customers.error ?? create.error} />
      <Field
        label={t('license.lcCustomer')}
        hint={t(channelId === null ? 'license.lcCustomerHint' : 'license.lcCustomerOfChannel')}
        {...(error !== undefined && { validationState: 'error' as const, validationMessage: error })}
      >
        <Combobox
          value={text}
          placeholder={t('license.lcCustomerNone')}
          disabled={create.isPending}
          onChange={(event) => {
            setText(event.target.value)
            onChoose(null)
          }}
          onOptionSelect={(_, { optionValue, optionText }) => {
            if (optionValue === NEW) return create.mutate(newName)
            onChoose(optionValue === undefined ? null : Number(optionValue))
            setText(optionText ?? '')
          }}
        >
          {offered.slice(0, OFFERED_MAX).map(({ id, name }) => (
            <Option key={id} value={String(id)} text={name}>
              {name}
            </Option>
          ))}
          {newName !== '' && !isTaken && (
            <OptionGroup label={t('license.notThere')}>
              <Option value={NEW} text={newName}>
                {t('license.createLcCustomer', { name: newName })}
              </Option>
            </OptionGroup>
          )}
        </Combobox>
      </Field>
    </>
  )
}

/** What is there already, or the only one there is. */
function useFirstChoice(
  customers: WireLcCustomer[] | undefined,
  chosenId: number | null,
  choose: (customer: WireLcCustomer) => void,
): void {
  const latest = useRef(choose)
  latest.current = choose
  const isDone = useRef(false)
  useEffect(() => {
    if (!customers || isDone.current) return
    isDone.current = true
    const [only, ...others] = customers
    const chosen = customers.find(({ id }) => id === chosenId) ?? (others.length === 0 ? only : undefined)
    if (chosen) latest.current(chosen)
  }, [customers, chosenId])
}
