import { Combobox, Field, Option } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { channelsQuery } from '../api/queries.ts'
import { useOperator } from './operator.ts'

type ChannelFieldProps = {
  channelId: number | null
  onChange: (channelId: number | null) => void
  hint?: string
  required?: boolean
  /** What the server found wrong with it. */
  wrong?: string | undefined
}

/** A channel by its name, typed or picked; none where the field is empty. Whoever works for a channel has that one. */
export function ChannelField({ channelId, onChange, hint, required = false, wrong }: ChannelFieldProps) {
  const { t } = useTranslation()
  const { operatorId, isWholeOperator } = useOperator()
  const channels = useQuery({ ...channelsQuery(operatorId), enabled: isWholeOperator })
  const [typed, setTyped] = useState<string | null>(null)
  const name = useChannelName(channelId)
  const wanted = (typed ?? '').trim().toLowerCase()
  const offered = (channels.data ?? []).filter((channel) => channel.name.toLowerCase().includes(wanted))
  const problem = wrong ?? (channels.isError ? t('channels.unknownNow') : undefined)
  return (
    <Field
      label={t('channels.one')}
      required={required}
      {...(hint !== undefined && { hint })}
      {...(problem !== undefined && { validationState: 'error' as const, validationMessage: problem })}
    >
      <Combobox
        value={typed ?? name}
        placeholder={t('channels.choose')}
        clearable={!required}
        disabled={!isWholeOperator}
        selectedOptions={channelId === null ? [] : [String(channelId)]}
        onChange={({ target: { value } }) => {
          setTyped(value)
          // The keyboard does not reach the icon that clears.
          if (value === '' && !required) onChange(null)
        }}
        onOptionSelect={(_, { optionValue }) => {
          setTyped(null)
          onChange(optionValue === undefined ? null : Number(optionValue))
        }}
        // What was typed and not picked is no channel.
        onBlur={() => setTyped(null)}
      >
        {offered.map((channel) => (
          <Option key={channel.id} value={String(channel.id)}>
            {channel.name}
          </Option>
        ))}
      </Combobox>
    </Field>
  )
}

/** The name of a channel, or its number while, or where, its name is not known. */
export function useChannelName(channelId: number | null): string {
  const { t } = useTranslation()
  const { operatorId, isWholeOperator } = useOperator()
  const channels = useQuery({ ...channelsQuery(operatorId), enabled: isWholeOperator && channelId !== null })
  if (channelId === null) return ''
  return channels.data?.find(({ id }) => id === channelId)?.name ?? t('clients.channel', { id: channelId })
}
