import i18next from 'i18next'

/** Words of the search over everything. They come when it is opened. */
export const palette = {
  title: 'Search',
  placeholder: 'A company, tenant ID, contact, channel, page or action',
  results: 'Results',
  recent: 'Recent',
  leads: 'Leads',
  tenants: 'Tenants',
  channels: 'Channels',
  pages: 'Pages',
  actions: 'Actions',
  count_one: '{{count}} result',
  count_other: '{{count}} results',
  none: 'Nothing matches “{{q}}”',
  noneText:
    'Looked for in company, contacts, phone digits, tenant ID, own references and short name of leads, in names of channels, pages and actions.',
  failed: 'Leads and channels could not be looked for',
  allLeads: 'All leads that match “{{q}}”',
  allTenants: 'All tenants that match “{{q}}”',
  keys: '↑ ↓ to choose, Enter to open, Esc to close',
  noCompany: 'No company name',
  account: 'Account',
  apiDocs: 'API documentation',
  newLead: 'New lead',
  syncNow: 'Sync now',
  syncStarted: 'Sync started',
  createWebhook: 'Create webhook',
  createChannel: 'Create channel',
  workFor: 'Work for {{name}}',
  theme: 'Theme: {{name}}',
  signOut: 'Sign out',
}

i18next.addResourceBundle('en', 'translation', { palette }, true, true)
