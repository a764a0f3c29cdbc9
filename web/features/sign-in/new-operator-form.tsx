import { Button, Field, Input } from '@fluentui/react-components'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createOperator } from '../../api/operators.ts'
import { ApiProblem } from '../../api/problem.ts'
import { meQuery } from '../../api/queries.ts'
import { paths } from '../../paths.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import styles from './door.module.css'

const NUMBER_MAX = 2_147_483_647
/** Refusals that are about one field. */
const fieldOf: Record<string, 'name' | 'operatorId'> = {
  'operator-name-taken': 'name',
  'operator-exists': 'operatorId',
}

/** Adds an operator; the next step is its connection to Microsoft, which opens then. */
export function NewOperatorForm({ onCancel }: { onCancel: (() => void) | undefined }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const [number, setNumber] = useState('')
  const isNumber = number.trim() === '' || (/^\d{1,10}$/.test(number.trim()) && isInRange(Number(number)))
  const create = useMutation({
    mutationFn: () =>
      createOperator({ name: name.trim(), ...(number.trim() !== '' && { operatorId: Number(number) }) }),
    onSuccess: async ({ operatorId }) => {
      // Who one is holds the operators one may work for.
      await client.refetchQueries({ queryKey: meQuery.queryKey })
      await navigate({ to: paths.microsoft, params: { operatorId: String(operatorId) } })
    },
  })
  const problem = create.error instanceof ApiProblem ? create.error : undefined
  const taken = problem && fieldOf[problem.code]
  const wrong = problem?.fieldErrors() ?? new Map<string, string>()
  const errorOf = (field: 'name' | 'operatorId') => {
    const message = taken === field ? problem?.message : wrong.get(field)
    return message ? { validationState: 'error' as const, validationMessage: message } : {}
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() !== '' && isNumber && !create.isPending) create.mutate()
  }
  return (
    <form onSubmit={submit} className={styles.form} noValidate>
      {!taken && <ProblemNotice error={create.error} />}
      <Field label={t('operators.name')} hint={t('operators.nameHint')} required {...errorOf('name')}>
        <Input value={name} maxLength={200} autoFocus autoComplete="off" onChange={(_, { value }) => setName(value)} />
      </Field>
      <Field
        label={t('operators.ownNumber')}
        hint={t('operators.ownNumberHint')}
        {...(isNumber
          ? errorOf('operatorId')
          : { validationState: 'error' as const, validationMessage: t('operators.notNumber') })}
      >
        <Input value={number} inputMode="numeric" autoComplete="off" onChange={(_, { value }) => setNumber(value)} />
      </Field>
      <Button
        type="submit"
        appearance="primary"
        size="large"
        disabledFocusable={create.isPending || name.trim() === '' || !isNumber}
      >
        {t(create.isPending ? 'form.saving' : 'operators.add')}
      </Button>
      {onCancel && <Button onClick={onCancel}>{t('form.cancel')}</Button>}
    </form>
  )
}

function isInRange(number: number): boolean {
  return number >= 1 && number <= NUMBER_MAX
}
