import { Combobox, Field, Option } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { leadOwnersQuery, type WireLeadOwnerCandidate } from '../../api/lead-owners.ts'
import type { DeskLead } from '../../api/leads.ts'
import { useMe, useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { candidatesFor } from './owner-candidates.ts'

/** Who is chosen: a person, nobody (null), or nothing yet (undefined). */
export type ChosenOwner = string | null | undefined

type OwnerChoiceProps = {
  /** Left out: of many leads. */
  lead?: DeskLead
  onChoose: (chosen: ChosenOwner) => void
}

const NOBODY = 'nobody'

/** A person by name, typed or picked, or nobody; oneself stands first. */
export function OwnerChoice({ lead, onChoose }: OwnerChoiceProps) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const { personId } = useMe()
  const owners = useQuery(leadOwnersQuery(operatorId))
  const [text, setText] = useState('')
  const people = candidatesFor(lead, owners.data?.data ?? [])
  const options = [
    ...people.filter((one) => one.personId === personId),
    ...people.filter((one) => one.personId !== personId),
  ].map((one) => ({ value: one.personId, words: nameOf(t, one, personId), count: one.leads }))
  const all = [{ value: NOBODY, words: t('leadDuty.nobody'), count: null }, ...options]
  const isTyped = all.every(({ words }) => words !== text)
  const wanted = text.trim().toLowerCase()
  const offered = isTyped ? all.filter(({ words }) => words.toLowerCase().includes(wanted)) : all
  return (
    <>
      <ProblemNotice error={owners.error} />
      <Field label={t('leadDuty.who')} required hint={t(lead ? 'leadDuty.whoHint' : 'leadDuty.whoHintMany')}>
        <Combobox
          value={text}
          onChange={(event) => {
            setText(event.target.value)
            onChoose(undefined)
          }}
          onOptionSelect={(_, { optionValue, optionText }) => {
            onChoose(optionValue === undefined ? undefined : optionValue === NOBODY ? null : optionValue)
            setText(optionText ?? '')
          }}
        >
          {offered.map(({ value, words, count }) => (
            <Option key={value} value={value} text={words}>
              {count === null ? words : `${words} · ${t('leadDuty.count', { count })}`}
            </Option>
          ))}
        </Combobox>
      </Field>
    </>
  )
}

function nameOf(t: TFunction, { name, channel, personId }: WireLeadOwnerCandidate, me: string): string {
  const shown = channel ? t('leadDuty.ofChannel', { name, channel: channel.name }) : name
  return personId === me ? t('leadDuty.meNamed', { name: shown }) : shown
}
