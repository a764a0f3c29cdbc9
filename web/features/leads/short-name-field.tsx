import { Button, Field, Input, Spinner } from '@fluentui/react-components'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { checkShortName, type ShortNameVerdict } from '../../api/licenses.ts'
import { useOperator } from '../../shell/operator.ts'

/** The API takes no longer ones; what is too long for a short name is told by it. */
const TYPED_MAX = 200
const TYPING_PAUSE_MS = 200

export type ShortName = {
  /** What stands in the field: what was typed, else the proposal. */
  name: string
  /** What the server says of exactly this name; null: not known yet. */
  verdict: ShortNameVerdict | null
  proposal: string | null
}

/** A short name that is checked while it is typed. `typed` null: nobody has typed yet, and the proposal stands there. */
export function useShortName(typed: string | null, companyName: string | null): ShortName {
  const { operatorId } = useOperator()
  const company = (companyName ?? '').slice(0, 400)
  const proposed = useQuery({
    queryKey: ['short-name', operatorId, null, company],
    queryFn: ({ signal }) => checkShortName(operatorId, { companyName: company }, signal),
    staleTime: 0,
  })
  const proposal = proposed.data?.proposal ?? null
  const name = typed ?? proposal ?? ''
  const settled = useSettled(name)
  const checked = useQuery({
    queryKey: ['short-name', operatorId, settled, company],
    queryFn: async ({ signal }) => ({
      of: settled,
      verdict: await checkShortName(operatorId, { name: settled, companyName: company }, signal),
    }),
    enabled: settled !== '',
    placeholderData: keepPreviousData,
    // Another one may have taken it meanwhile.
    staleTime: 0,
  })
  return { name, verdict: checked.data?.of === name ? checked.data.verdict : null, proposal }
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), TYPING_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}

type ShortNameFieldProps = { shortName: ShortName; onChange: (text: string) => void }

export function ShortNameField({ shortName: { name, verdict, proposal }, onChange }: ShortNameFieldProps) {
  const { t } = useTranslation()
  const isWrong = verdict?.ok === false
  const better = verdict?.proposal ?? proposal
  return (
    <Field
      label={t('license.shortName')}
      required
      {...(isWrong
        ? { validationState: 'error' as const, validationMessage: verdict.flaws.map(({ detail }) => detail).join(' ') }
        : verdict?.ok && name !== ''
          ? { validationState: 'success' as const, validationMessage: t('license.shortNameFree') }
          : { hint: t('license.shortNameHint') })}
    >
      <Input
        value={name}
        maxLength={TYPED_MAX}
        autoComplete="off"
        spellCheck={false}
        input={{ dir: 'ltr' }}
        onChange={(_, { value }) => onChange(value)}
        contentAfter={
          isWrong && better && better !== name ? (
            <Button size="small" onClick={() => onChange(better)}>
              {t('license.takeProposal', { name: better })}
            </Button>
          ) : name !== '' && verdict === null ? (
            <Spinner size="extra-tiny" aria-label={t('license.checking')} />
          ) : null
        }
      />
    </Field>
  )
}
