import { Field, Select } from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import type { Level, Role, Tier } from '../../api/people.ts'
import { ChannelField } from '../../shell/channel-field.tsx'

/** People of the customer tier get their pages, and their invitations, with the customer's own portal. */
const tiers = ['platform', 'operator', 'channel'] as const satisfies readonly Tier[]
const levels = ['administrator', 'operator', 'monitor'] as const satisfies readonly Level[]

type RoleFieldsProps = { role: Role; onChange: (role: Role) => void; wrong: Map<string, string> }

/** Tier, level and, for a channel, which one. What one may not give, the server refuses with its reason. */
export function RoleFields({ role, onChange, wrong }: RoleFieldsProps) {
  const { t } = useTranslation()
  const error = (field: string) =>
    wrong.has(field) && { validationState: 'error' as const, validationMessage: wrong.get(field) ?? '' }
  return (
    <>
      <Field label={t('users.tier')} hint={t(`role.meaning.${role.tier}`)} {...error('tier')}>
        <Select
          value={role.tier}
          onChange={(_, { value }) => {
            const { channelId: _channel, ...others } = role
            onChange({ ...others, tier: value as Tier })
          }}
        >
          {tiers.map((tier) => (
            <option key={tier} value={tier}>
              {t(`role.tier.${tier}`)}
            </option>
          ))}
        </Select>
      </Field>
      {role.tier === 'channel' && (
        <ChannelField
          required
          channelId={role.channelId ?? null}
          onChange={(channelId) => onChange({ ...role, channelId })}
          wrong={wrong.get('channelId')}
        />
      )}
      <Field label={t('users.level')} hint={t(`role.levelMeaning.${role.level}`)} {...error('level')}>
        <Select value={role.level} onChange={(_, { value }) => onChange({ ...role, level: value as Level })}>
          {levels.map((level) => (
            <option key={level} value={level}>
              {t(`role.level.${level}`)}
            </option>
          ))}
        </Select>
      </Field>
    </>
  )
}
