import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { DeskLead } from '../../api/leads.ts'
import { getService } from '../../api/services.ts'
import { DeleteServiceDialog } from '../../shell/delete-service-dialog.tsx'
import { useOperator } from '../../shell/operator.ts'
import { useFailureWords } from '../../shell/problem-notice.tsx'
import { useToast } from '../../ui/toasts.tsx'

/** "Delete Customer" of seed 000, from the row of its lead: it is the service that is deleted. */
export function LeadCustomerDialog({ lead, onClose }: { lead: DeskLead; onClose: () => void }) {
  const { operatorId } = useOperator()
  const toast = useToast()
  const words = useFailureWords()
  const serviceId = lead.umpCustomerGuid ?? ''
  const service = useQuery({
    queryKey: ['service', operatorId, serviceId],
    queryFn: ({ signal }) => getService(operatorId, serviceId, signal),
  })
  const { error } = service
  useEffect(() => {
    if (!error) return
    const { title, detail } = words(error)
    toast('error', title, detail)
    onClose()
  }, [error, words, toast, onClose])
  return service.data ? <DeleteServiceDialog service={service.data.body} onClose={onClose} /> : null
}
