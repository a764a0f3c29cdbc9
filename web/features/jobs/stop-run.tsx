import { StopRegular } from '@fluentui/react-icons/svg/stop'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { cancelRun, type WireJobRun } from '../../api/jobs.ts'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { useFailureWords } from '../../shell/problem-notice.tsx'
import { useToast } from '../../ui/toasts.tsx'

/** Stops a run that is going. Nothing is asked: what it has stored stays, and the schedule goes on. */
export function StopRun({ job, run }: { job: string; run: WireJobRun }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const client = useQueryClient()
  const toast = useToast()
  const words = useFailureWords()
  const stop = useMutation({
    mutationFn: () => cancelRun(operatorId, run.id),
    onSettled: () => client.invalidateQueries({ queryKey: ['jobs', operatorId] }),
    onError: (error) => {
      const { title, detail } = words(error)
      toast('error', title, detail)
    },
  })
  const isStopping = stop.isPending || run.cancelRequestedAt !== null
  return (
    <PermittedButton
      size="small"
      permission="jobs.run"
      icon={<StopRegular />}
      disabledFocusable={isStopping}
      aria-label={t('jobs.stopJob', { name: job })}
      onClick={() => stop.mutate()}
    >
      {isStopping ? t('jobs.stopping') : t('jobs.stop')}
    </PermittedButton>
  )
}
