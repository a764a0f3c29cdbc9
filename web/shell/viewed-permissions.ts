import type { Permission } from '../../contract/permissions.ts'

/** What an administrator of a channel may do: all that is shown to somebody who looks through a channel's eyes. */
export const CHANNEL_PERMISSIONS: readonly Permission[] = [
  'leads.read',
  'leads.write',
  'channels.read',
  'services.read',
  'services.write',
  'numbers.read',
  'numbers.write',
  'journal.read',
  'tasks.read',
  'clients.manage',
  'users.manage',
  'mail.send',
  'views.share',
  'webhooks.read',
  'webhooks.manage',
]
