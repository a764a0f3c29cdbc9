import { Checkbox, Radio, RadioGroup } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { leadOwnersQuery } from '../../api/lead-owners.ts'
import { useMe, useOperator } from '../../shell/operator.ts'
import { FilterChip } from '../../ui/filter-chip.tsx'

type OwnerFilterProps = {
  choice: string | undefined
  onChange: (choice: string | undefined) => void
  /** Only leads whose due date has passed. */
  isOverdue: boolean
  onOverdue: (isOn: boolean) => void
}

/** Whose leads: mine, nobody's, or one person's; and of these only what is overdue. */
export function OwnerFilter({ choice, onChange, isOverdue, onOverdue }: OwnerFilterProps) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const { personId } = useMe()
  // Asked for when it is opened, or when the address names a person.
  const isNamed = choice !== undefined && !['me', 'none', 'left'].includes(choice)
  const owners = useQuery({ ...leadOwnersQuery(operatorId), enabled: isNamed }).data
  const value =
    choice === undefined
      ? null
      : isNamed
        ? (owners?.data.find((one) => one.personId === choice)?.name ?? '…')
        : t(`leadDuty.filter.${choice as 'me'}`)
  return (
    <FilterChip label={t('leadDuty.filter.owner')} value={value} isBare onClear={() => onChange(undefined)}>
      {(close) => (
        <>
          <OwnerChoices
            choice={choice === personId ? 'me' : choice}
            onChange={(chosen) => {
              onChange(chosen)
              close()
            }}
          />
          <Checkbox
            label={t('leadDuty.filter.overdueOnly')}
            checked={isOverdue}
            onChange={(_, { checked }) => {
              onOverdue(checked === true)
              close()
            }}
          />
        </>
      )}
    </FilterChip>
  )
}

function OwnerChoices({ choice, onChange }: Pick<OwnerFilterProps, 'choice' | 'onChange'>) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const { personId } = useMe()
  const owners = useQuery(leadOwnersQuery(operatorId)).data
  const others = (owners?.data ?? []).filter((one) => one.personId !== personId)
  const mine = owners?.data.find((one) => one.personId === personId)?.leads
  const left = owners?.unowned.left ?? 0
  return (
    <RadioGroup
      aria-label={t('leadDuty.filter.owner')}
      value={choice ?? 'all'}
      onChange={(_, { value }) => onChange(value === 'all' ? undefined : value)}
    >
      <Radio value="all" label={t('leadDuty.filter.all')} />
      <Radio value="me" label={counted(t('leadDuty.filter.me'), mine)} />
      <Radio value="none" label={t('leadDuty.filter.none')} />
      {(left > 0 || choice === 'left') && <Radio value="left" label={counted(t('leadDuty.filter.left'), left)} />}
      {others.map((one) => (
        <Radio key={one.personId} value={one.personId} label={counted(one.name, one.leads)} />
      ))}
    </RadioGroup>
  )
}

function counted(words: string, count: number | undefined): string {
  return count === undefined ? words : `${words} (${count.toLocaleString()})`
}

/** That only overdue leads are shown; asked for with the owner. */
export function OverdueFilter({ onClear }: { onClear: () => void }) {
  const { t } = useTranslation()
  return (
    <FilterChip label={t('leadDuty.filter.due')} value={t('leadDuty.filter.overdue')} onClear={onClear}>
      {(close) => (
        <Checkbox
          label={t('leadDuty.filter.overdueOnly')}
          checked
          onChange={() => {
            onClear()
            close()
          }}
        />
      )}
    </FilterChip>
  )
}
