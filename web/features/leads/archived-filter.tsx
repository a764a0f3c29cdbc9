import { Radio, RadioGroup } from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import { FilterChip } from '../../ui/filter-chip.tsx'

const choices = ['hide', 'only', 'include'] as const

type ArchivedFilterProps = { choice: string | undefined; onChange: (choice: string | undefined) => void }

/** Leads that were put away are hidden until somebody asks for them. Source: portal.md 3.4; issue 5, 3. */
export function ArchivedFilter({ choice, onChange }: ArchivedFilterProps) {
  const { t } = useTranslation()
  const label = t('leads.archived.label')
  const words = (word: string) => t(`leads.archived.${word as (typeof choices)[number]}`)
  return (
    <FilterChip
      label={label}
      value={choice === undefined ? null : words(choice)}
      isBare
      onClear={() => onChange(undefined)}
    >
      {(close) => (
        <RadioGroup
          aria-label={label}
          value={choice ?? 'hide'}
          onChange={(_, { value }) => {
            onChange(value === 'hide' ? undefined : value)
            close()
          }}
        >
          {choices.map((word) => (
            <Radio key={word} value={word} label={words(word)} />
          ))}
        </RadioGroup>
      )}
    </FilterChip>
  )
}
