import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { type MailAsked, type MailRecipient, previewLeadMail, type WireLeadMailPreview } from '../../api/lead-mails.ts'
import { listMailTemplates } from '../../api/mail-templates.ts'
import { mayPass } from '../../api/problem.ts'

export function mailTemplatesQuery(operatorId: number) {
  return queryOptions({
    queryKey: ['mail-templates', operatorId],
    queryFn: ({ signal }) => listMailTemplates(operatorId, signal),
    staleTime: 60_000,
  })
}

/** A mail is shown anew once somebody has stopped typing. */
const PAUSE_MS = 350

export type PreviewAsked = MailAsked & { recipients?: MailRecipient[] }

/** The mails as they would be sent; `isCurrent`: of just what stands there. Null asked: there is nothing to show yet. */
export function useMailPreview(operatorId: number, leadId: string, asked: PreviewAsked | null) {
  const text = JSON.stringify(asked)
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])
  const preview = useQuery({
    queryKey: ['lead-mail-preview', operatorId, leadId, settled],
    queryFn: ({ signal }) => previewLeadMail(operatorId, leadId, JSON.parse(settled) as PreviewAsked, signal),
    enabled: settled !== 'null',
    placeholderData: keepPreviousData,
    retry: (failures, error) => failures < 2 && mayPass(error),
    // Settings and the lead may change while one writes.
    staleTime: 0,
    gcTime: 0,
  })
  // What was shown last stays while something is wrong with the text.
  const shown = useRef<WireLeadMailPreview | undefined>(undefined)
  if (preview.data) shown.current = preview.data
  const isCurrent = settled === text && preview.isSuccess && !preview.isPlaceholderData
  return { ...preview, data: shown.current, isCurrent }
}

/** Whether there is anything to show: before somebody has written, nothing is wrong. */
export function isWritten({ subject, body }: MailAsked): boolean {
  return subject.trim() !== '' && body.trim() !== ''
}

/** Whether all that is wrong is said where it stands: in the text, or at an address that was typed. */
export function isToldInPlace(wrong: ReadonlyMap<string, string>): boolean {
  const places = /^(subject|body|language|recipients\/\d+\/address)$/
  return wrong.size > 0 && [...wrong.keys()].every((place) => places.test(place))
}

/** One of a kind in this browser; `randomUUID` is not there without TLS. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join('')
}
