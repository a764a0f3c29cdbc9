import { Button } from '@fluentui/react-components'
import { type ReactNode, useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem, mayPass, NoAnswer } from '../api/problem.ts'
import { type Failure, FailureNotice } from '../ui/states.tsx'

/** What of an error is told: the server's own words, or that nothing answered. */
export function useFailureWords(): (error: unknown) => Failure {
  const { t } = useTranslation()
  return useCallback(
    (error) => {
      if (error instanceof ApiProblem) {
        const key = `failure.${error.code}` as 'failure.not-found'
        const title = t(key, { defaultValue: t('failure.refused') })
        return { title, detail: error.message, requestId: error.problem.requestId || undefined }
      }
      if (error instanceof NoAnswer) return { title: t('failure.noAnswer'), detail: t('failure.noAnswerDetail') }
      return { title: t('failure.ours'), detail: t('failure.oursDetail', { message: String(error) }) }
    },
    [t],
  )
}

type ProblemNoticeProps = { error: unknown; onRetry?: (() => void) | undefined; actions?: ReactNode }

/** An error of the API above or instead of what it concerns; nothing when there is none. */
export function ProblemNotice({ error, onRetry, actions }: ProblemNoticeProps) {
  const { t } = useTranslation()
  const words = useFailureWords()
  // The dialog of the ended session asks for what is to be done; afterwards there is nothing more to say.
  if (!error || (error instanceof ApiProblem && error.code === 'session-ended')) return null
  // Where the server understood and said no, asking again changes nothing.
  const isFinal = error instanceof ApiProblem && !mayPass(error)
  const retry = onRetry && !isFinal && <Button onClick={onRetry}>{t('failure.tryAgain')}</Button>
  return (
    <FailureNotice
      failure={words(error)}
      actions={
        retry || actions ? (
          <>
            {actions}
            {retry}
          </>
        ) : undefined
      }
    />
  )
}
