import { useMutation } from '@tanstack/react-query'
import type { WireTask } from '../api/tasks.ts'
import { useOperator } from './operator.ts'
import { useServiceRefresh } from './service-refresh.ts'
import { useTaskStarted } from './use-task-toast.ts'

/** Starts a task on a service. Its end is told wherever one is by then; `onStarted` closes what asked for it. */
export function useServiceTask<Asked = void>(
  start: (operatorId: number, asked: Asked) => Promise<WireTask>,
  onStarted: (task: WireTask) => void,
) {
  const { operatorId } = useOperator()
  const refresh = useServiceRefresh()
  const started = useTaskStarted()
  return useMutation({
    mutationFn: (asked: Asked) => start(operatorId, asked),
    onSuccess: (task) => {
      started(operatorId, task)
      onStarted(task)
      return refresh(operatorId)
    },
  })
}
