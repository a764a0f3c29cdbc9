/**
 * Every right there is, with what it lets one do. A role is a set of them, an API client has a set.
 * Source: design/decisions.md, Permissions.
 */
export const permissions = {
  'leads.read': 'See leads, their contacts and civic addresses',
  'leads.write': 'Create and change leads: comments, references, relationship, owner, due date',
  'channels.read': 'See channels',
  'channels.manage': 'Create, change and delete channels; assign leads to them, by hand and by rules',
  'services.read': 'See services and SIP connections',
  'services.write': 'Apply licenses, create, change and delete services',
  'sbcs.read': 'See SBC devices, script templates, scripts to be applied, calling profiles and trunks',
  'sbcs.apply': 'Apply scripts to SBC devices by hand, and tick them off',
  'sbcs.manage': 'Register and change SBC devices and script templates',
  'numbers.read': 'See phone numbers',
  'numbers.write': 'Upload, unassign and release phone numbers',
  'jobs.read': 'See jobs and their runs',
  'jobs.run': 'Start jobs',
  'tasks.read': 'See tasks; cancel and retry those of a kind that one may start',
  'connections.manage': 'See and change the connection to Microsoft',
  'clients.manage': 'Create, change and revoke API clients',
  'users.manage': 'Invite people and set what they may do',
  'journal.read': 'Read and verify the journal',
  'views.share': 'Share saved views with everybody of the operator or channel, change and delete shared ones',
  'webhooks.read': 'See webhooks and what they delivered, contacts of leads included',
  'webhooks.manage': 'Create, change and replay webhooks',
  'mail.send': 'Write to customers by mail; people of channels where the operator lets them',
  'mail.manage': 'See and change how mail is sent, and see what was sent',
} as const

export type Permission = keyof typeof permissions

export const allPermissions = Object.keys(permissions) as Permission[]
