import { AddRegular } from '@fluentui/react-icons/svg/add'
import { ArrowSwapRegular } from '@fluentui/react-icons/svg/arrow-swap'
import { BuildingRegular } from '@fluentui/react-icons/svg/building'
import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle'
import { ClipboardCheckmarkRegular } from '@fluentui/react-icons/svg/clipboard-checkmark'
import { DeleteRegular } from '@fluentui/react-icons/svg/delete'
import { EditRegular } from '@fluentui/react-icons/svg/edit'
import { InfoRegular } from '@fluentui/react-icons/svg/info'
import { PersonAddRegular } from '@fluentui/react-icons/svg/person-add'
import { ProhibitedRegular } from '@fluentui/react-icons/svg/prohibited'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import { checkService, type WireService } from '../../api/services.ts'
import { watchTask } from '../../api/tasks.ts'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import type { Verdict } from '../../shell/permitted.tsx'
import { useFailureWords } from '../../shell/problem-notice.tsx'
import { useServiceRefresh } from '../../shell/service-refresh.ts'
import { useTaskToast } from '../../shell/use-task-toast.ts'
import { useToast } from '../../ui/toasts.tsx'
import { serviceAsked } from './service-asked.ts'
import type { Part } from './service-search.ts'

export type ServiceAction = {
  name:
    | 'openLead'
    | 'details'
    | 'edit'
    | 'addConnection'
    | 'lcCustomer'
    | 'channel'
    | 'check'
    | 'bar'
    | 'unbar'
    | 'delete'
  icon: ReactElement
  verdict: Verdict
  run: () => void
}

/** What can be done with a service; what is not allowed now is there too, with the reason. Source: issue 7, 4. */
export function useServiceActions(
  onOpen: (serviceId: string, part: Part) => void,
): (service: WireService) => ServiceAction[] {
  const { t } = useTranslation()
  const { can, isWholeOperator, operatorId } = useOperator()
  const navigate = useNavigate()
  const check = useCheck()
  const may = (verdict: Verdict, isCarrierOnly = false): Verdict => {
    if (!can('services.write'))
      return { allowed: false, reason: t('permission.missing', { permission: 'services.write' }) }
    if (isCarrierOnly && !isWholeOperator) return { allowed: false, reason: t('services.carrierOnly') }
    return verdict
  }
  const allowed: Verdict = { allowed: true }
  return (service) => {
    const ask = (kind: 'edit' | 'channel' | 'delete' | 'bar' | 'unbar' | 'addConnection') => () =>
      serviceAsked.set({ kind, service })
    const { actions } = service
    return [
      {
        name: 'openLead',
        icon: <PersonAddRegular />,
        verdict: can('leads.read')
          ? allowed
          : { allowed: false, reason: t('permission.missing', { permission: 'leads.read' }) },
        run: () =>
          void navigate({
            to: paths.tenant,
            params: { operatorId: String(operatorId), leadId: service.leadId },
            search: { q: service.tenantId },
          }),
      },
      { name: 'details', icon: <InfoRegular />, verdict: allowed, run: () => onOpen(service.id, 'details') },
      { name: 'edit', icon: <EditRegular />, verdict: may(actions.edit), run: ask('edit') },
      {
        name: 'addConnection',
        icon: <AddRegular />,
        // Whoever is bound to a channel sees no SBC to choose.
        verdict: may(actions.addConnection, true),
        run: ask('addConnection'),
      },
      {
        name: 'lcCustomer',
        icon: <ArrowSwapRegular />,
        verdict: may(actions.changeLcCustomer, true),
        run: ask('edit'),
      },
      {
        name: 'channel',
        icon: <BuildingRegular />,
        verdict: can('channels.manage')
          ? may(actions.changeChannel, true)
          : { allowed: false, reason: t('permission.missing', { permission: 'channels.manage' }) },
        run: ask('channel'),
      },
      { name: 'check', icon: <ClipboardCheckmarkRegular />, verdict: may(actions.check), run: () => check(service) },
      service.barred
        ? { name: 'unbar', icon: <CheckmarkCircleRegular />, verdict: may(actions.unbar, true), run: ask('unbar') }
        : { name: 'bar', icon: <ProhibitedRegular />, verdict: may(actions.bar, true), run: ask('bar') },
      { name: 'delete', icon: <DeleteRegular />, verdict: may(actions.delete, true), run: ask('delete') },
    ]
  }
}

/** Asks for a check; its result is with the service when it is done. */
export function useCheck(): (service: WireService) => void {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const toast = useToast()
  const taskToast = useTaskToast()
  const words = useFailureWords()
  const refresh = useServiceRefresh()
  const check = useMutation({
    mutationFn: (service: WireService) => checkService(operatorId, service.id),
    onSuccess: (task, { fullName }) => {
      const watched = { operatorId, taskId: task.id }
      watchTask(watched)
      taskToast(watched, 'info', t('services.check.started', { name: fullName }))
      return refresh(operatorId)
    },
    onError: (error) => {
      const { title, detail } = words(error)
      toast('error', title, detail)
    },
  })
  return (service) => check.mutate(service)
}
