import { AddRegular } from '@fluentui/react-icons/svg/add'
import { memo, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { newLeadAsked } from '../../shell/asked.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { useWatched } from '../../ui/watched.ts'
import { LateNewLeadDialog } from './late-parts.ts'

/** "New Lead" of seed 000: a lead that begins with the carrier, or with a channel of it. */
export const NewLead = memo(function NewLead({ onCreated }: { onCreated: (leadId: string) => void }) {
  const { t } = useTranslation()
  const isOpen = useWatched(newLeadAsked)
  const setIsOpen = (isAsked: boolean) => newLeadAsked.set(isAsked)
  return (
    <>
      <PermittedButton
        size="small"
        appearance="primary"
        icon={<AddRegular fontSize={16} />}
        permission="leads.write"
        onClick={() => setIsOpen(true)}
      >
        {t('leadDesk.new.button')}
      </PermittedButton>
      <Suspense>{isOpen && <LateNewLeadDialog onCreated={onCreated} onClose={() => setIsOpen(false)} />}</Suspense>
    </>
  )
})
