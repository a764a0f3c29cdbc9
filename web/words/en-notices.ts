import i18next from 'i18next'

/** Words of what the bell opens; its own are in en.ts. */
export const notices = {
  title: 'Notices',
  markAll: 'Mark all as read',
  markOne: 'Mark as read',
  unreadMark: 'Unread:',
  showAll: 'Show all',
  onlyUnread: 'Only unread',
  text: 'What has happened in the last {{count}} days, as far as it concerns you.',
  activity: 'What people here did is in Activity.',
  none: 'Nothing has happened yet',
  noneText: 'New leads, changes that Microsoft makes, comments, and whatever goes wrong are told here.',
  allRead: 'You have read everything',
  allReadText: 'What is new comes here by itself.',
  leadGone: 'a lead that is not here any more',
  more_one: 'and {{shown}} more',
  more_other: 'and {{shown}} more',
  ofChannel: 'Channel: {{name}}',
  added: 'Added: {{countries}}',
  dropped: 'Dropped: {{countries}}',
  lastDay: 'Its last day is {{day}}.',
  nothingRemoved: 'Nothing was removed.',
  secretEnded: 'The secret of the connection to Microsoft has ended',
  secretEnds_one: 'The secret of the connection to Microsoft ends in {{count}} day',
  secretEnds_other: 'The secret of the connection to Microsoft ends in {{count}} days',
  event: {
    lead: {
      created_one: 'New lead: {{name}}',
      created_other: '{{shown}} new leads',
      'countries-changed_one': 'Countries changed: {{name}}',
      'countries-changed_other': 'Countries changed {{shown}} times',
      suspended_one: 'Suspended: {{name}}',
      suspended_other: '{{shown}} leads suspended',
      removed_one: 'Removed at Microsoft: {{name}}',
      removed_other: '{{shown}} leads removed at Microsoft',
      merged_one: 'Second lead of a customer: {{name}}',
      merged_other: '{{shown}} second leads of customers',
      commented_one: 'New comment: {{name}}',
      commented_other: '{{shown}} new comments',
      'wanted-by-channel': '{{who}} wanted to make a lead that is held elsewhere: {{name}}',
      'channel-assigned_one': 'A lead for your channel: {{name}}',
      'channel-assigned_other': '{{shown}} leads for your channel',
      'channel-removed_one': 'A lead was taken from your channel',
      'channel-removed_other': '{{shown}} leads were taken from your channel',
    },
    task: { finished: '{{title}}: {{state}}' },
    sync: {
      failed: {
        leads: 'Leads can no longer be fetched from Microsoft',
        addresses: 'Civic addresses can no longer be fetched from Microsoft',
      },
      recovered: {
        leads: 'Leads are fetched from Microsoft again',
        addresses: 'Civic addresses are fetched from Microsoft again',
      },
      'listing-shrank': 'Microsoft lists far fewer leads: {{missing}} of {{known}} are missing',
    },
    webhook: { paused: 'Webhook paused: {{name}}' },
  },
}

i18next.addResourceBundle('en', 'translation', { notices }, true, true)
