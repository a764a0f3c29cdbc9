import { queryOptions } from '@tanstack/react-query'
import { getSbc, getScriptTemplate, listSbcs, listScriptOrders, listScriptTemplates } from '../../api/sbcs.ts'

const REFRESH_MS = 15_000

export function sbcsQuery(operatorId: number) {
  return queryOptions({
    queryKey: ['sbcs', operatorId],
    queryFn: ({ signal }) => listSbcs(operatorId, signal),
    refetchInterval: REFRESH_MS,
  })
}

export function sbcQuery(operatorId: number, sbcId: number) {
  return queryOptions({
    queryKey: ['sbcs', operatorId, sbcId],
    queryFn: ({ signal }) => getSbc(operatorId, sbcId, signal),
  })
}

export function templatesQuery(operatorId: number) {
  return queryOptions({
    queryKey: ['script-templates', operatorId],
    queryFn: ({ signal }) => listScriptTemplates(operatorId, signal),
  })
}

export function templateQuery(operatorId: number, templateId: number) {
  return queryOptions({
    queryKey: ['script-templates', operatorId, templateId],
    queryFn: ({ signal }) => getScriptTemplate(operatorId, templateId, signal),
  })
}

export function ordersQuery(operatorId: number) {
  return queryOptions({
    queryKey: ['script-orders', operatorId],
    queryFn: ({ signal }) => listScriptOrders(operatorId, signal),
    refetchInterval: REFRESH_MS,
  })
}
