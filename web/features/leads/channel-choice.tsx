import { Combobox, Field, Option } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { channelsQuery } from '../../api/queries.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'

type ChannelChoiceProps = { exceptId: number | null; onChoose: (channelId: number | null) => void }

/** A channel by its name, typed or picked; those that may be given no leads say why. */
export function ChannelChoice({ exceptId, onChoose }: ChannelChoiceProps) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const channels = useQuery(channelsQuery(operatorId))
  const [text, setText] = useState('')
  const others = (channels.data ?? []).filter(({ id }) => id !== exceptId)
  const wanted = text.trim().toLowerCase()
  const isTyped = others.every(({ name }) => name !== text)
  const offered = isTyped ? others.filter(({ name }) => name.toLowerCase().includes(wanted)) : others
  return (
    <>
      <ProblemNotice error={channels.error} />
      <Field label={t('channels.one')} required>
        <Combobox
          value={text}
          placeholder={t('channels.choose')}
          onChange={(event) => {
            setText(event.target.value)
            onChoose(null)
          }}
          onOptionSelect={(_, { optionValue, optionText }) => {
            onChoose(optionValue === undefined ? null : Number(optionValue))
            setText(optionText ?? '')
          }}
        >
          {offered.map(({ id, name, actions }) => (
            <Option key={id} value={String(id)} text={name} disabled={!actions.assignLeads.allowed}>
              {actions.assignLeads.allowed ? name : `${name}: ${actions.assignLeads.reason ?? ''}`}
            </Option>
          ))}
        </Combobox>
      </Field>
    </>
  )
}
