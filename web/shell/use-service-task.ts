import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type WireTask, watchTask } from '../api/tasks.ts'
import { useToast } from '../ui/toasts.tsx'
import { useOperator } from './operator.ts'
import { useServiceRefresh } from './service-refresh.ts'

/** Starts a task on a service. Its end is told wherever one is by then; `onStarted` closes what asked for it. */
export function useServiceTask<Asked = void>(
  start: (operatorId: number, asked: Asked) => Promise<WireTask>,
  onStarted: (task: WireTask) => void,
) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const refresh = useServiceRefresh()
  const toast = useToast()
  return useMutation({
    mutationFn: (asked: Asked) => start(operatorId, asked),
    onSuccess: (task) => {
      watchTask({ operatorId, taskId: task.id })
      toast('info', t('services.started', { title: task.title }), t('services.startedText'))
      onStarted(task)
      return refresh(operatorId)
    },
  })
}
