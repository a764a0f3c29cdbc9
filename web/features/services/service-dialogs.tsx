import { DeleteServiceDialog } from '../../shell/delete-service-dialog.tsx'
import { BarDialog, UnbarDialog } from './bar-dialogs.tsx'
import { ChangeChannelDialog } from './change-channel-dialog.tsx'
import { AddConnectionDialog, ChangeConnectionDialog, RemoveConnectionDialog } from './connection-dialogs.tsx'
import { EditServiceDialog } from './edit-service-dialog.tsx'
import type { ServiceAsked } from './service-asked.ts'

/** What menus and panels of services ask for, once in the page. */
export function ServiceDialogs({ asked, onClose }: { asked: ServiceAsked; onClose: () => void }) {
  const { service } = asked
  switch (asked.kind) {
    case 'edit':
      return <EditServiceDialog service={service} onClose={onClose} />
    case 'channel':
      return <ChangeChannelDialog service={service} onClose={onClose} />
    case 'delete':
      return <DeleteServiceDialog service={service} onClose={onClose} />
    case 'bar':
      return <BarDialog service={service} onClose={onClose} />
    case 'unbar':
      return <UnbarDialog service={service} onClose={onClose} />
    case 'addConnection':
      return <AddConnectionDialog service={service} onClose={onClose} />
    case 'changeConnection':
      return <ChangeConnectionDialog connection={asked.connection} onClose={onClose} />
    case 'removeConnection':
      return <RemoveConnectionDialog connection={asked.connection} onClose={onClose} />
  }
}
