import { lazy } from 'react'
import { useWatched } from '../../ui/watched.ts'
import { channelAsked, deletionAsked, dutyAsked, licenseAsked, mailAsked } from './lead-asked.ts'
import { ChangeChannelDialog, RemoveChannelDialog } from './lead-channel-dialogs.tsx'
import { LeadDeleteDialog } from './lead-delete-dialog.tsx'
import { DueDialog, OwnerDialog } from './lead-duty-dialogs.tsx'
import { LeadMailDialog } from './lead-mail-dialog.tsx'

// Rarely asked for beside the others, and large.
const LateLeadLicenseDialog = lazy(async () => ({
  default: (await import('./lead-license-dialog.tsx')).LeadLicenseDialog,
}))
const LateLeadCustomerDialog = lazy(async () => ({
  default: (await import('./lead-customer-dialog.tsx')).LeadCustomerDialog,
}))

/** What menus of leads ask for, once in the page. */
export function LeadDialogs({ onDeleted }: { onDeleted: (leadId: string) => void }) {
  const channel = useWatched(channelAsked)
  const deletion = useWatched(deletionAsked)
  const mail = useWatched(mailAsked)
  const duty = useWatched(dutyAsked)
  const license = useWatched(licenseAsked)
  const DutyDialog = duty?.kind === 'due' ? DueDialog : OwnerDialog
  const LicenseDialog = license?.kind === 'apply' ? LateLeadLicenseDialog : LateLeadCustomerDialog
  const ChannelDialog = channel?.kind === 'change' ? ChangeChannelDialog : RemoveChannelDialog
  return (
    <>
      {channel && <ChannelDialog key={channel.lead.id} lead={channel.lead} onClose={() => channelAsked.set(null)} />}
      {duty && <DutyDialog key={duty.lead.id} lead={duty.lead} onClose={() => dutyAsked.set(null)} />}
      {mail && (
        <LeadMailDialog key={mail.lead.id} lead={mail.lead} draft={mail.draft} onClose={() => mailAsked.set(null)} />
      )}
      {license && <LicenseDialog key={license.lead.id} lead={license.lead} onClose={() => licenseAsked.set(null)} />}
      {deletion && (
        <LeadDeleteDialog
          key={deletion.id}
          lead={deletion}
          onDeleted={onDeleted}
          onClose={() => deletionAsked.set(null)}
        />
      )}
    </>
  )
}
