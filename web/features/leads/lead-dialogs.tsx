import { useWatched } from '../../ui/watched.ts'
import { channelAsked, deletionAsked, dutyAsked, mailAsked } from './lead-asked.ts'
import { ChangeChannelDialog, RemoveChannelDialog } from './lead-channel-dialogs.tsx'
import { LeadDeleteDialog } from './lead-delete-dialog.tsx'
import { DueDialog, OwnerDialog } from './lead-duty-dialogs.tsx'
import { LeadMailDialog } from './lead-mail-dialog.tsx'

/** What menus of leads ask for, once in the page. */
export function LeadDialogs({ onDeleted }: { onDeleted: (leadId: string) => void }) {
  const channel = useWatched(channelAsked)
  const deletion = useWatched(deletionAsked)
  const mail = useWatched(mailAsked)
  const duty = useWatched(dutyAsked)
  const DutyDialog = duty?.kind === 'due' ? DueDialog : OwnerDialog
  const ChannelDialog = channel?.kind === 'change' ? ChangeChannelDialog : RemoveChannelDialog
  return (
    <>
      {channel && <ChannelDialog key={channel.lead.id} lead={channel.lead} onClose={() => channelAsked.set(null)} />}
      {duty && <DutyDialog key={duty.lead.id} lead={duty.lead} onClose={() => dutyAsked.set(null)} />}
      {mail && (
        <LeadMailDialog key={mail.lead.id} lead={mail.lead} draft={mail.draft} onClose={() => mailAsked.set(null)} />
      )}
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
