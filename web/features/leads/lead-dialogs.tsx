import { useWatched } from '../../ui/watched.ts'
import { channelAsked, deletionAsked } from './lead-asked.ts'
import { ChangeChannelDialog, RemoveChannelDialog } from './lead-channel-dialogs.tsx'
import { LeadDeleteDialog } from './lead-delete-dialog.tsx'

/** What menus of leads ask for, once in the page. */
export function LeadDialogs({ onDeleted }: { onDeleted: (leadId: string) => void }) {
  const channel = useWatched(channelAsked)
  const deletion = useWatched(deletionAsked)
  const ChannelDialog = channel?.kind === 'change' ? ChangeChannelDialog : RemoveChannelDialog
  return (
    <>
      {channel && <ChannelDialog key={channel.lead.id} lead={channel.lead} onClose={() => channelAsked.set(null)} />}
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
