/** Every address of the portal. The server serves the portal at these beginnings: contract/service.ts. */
export const paths = {
  home: '/',
  signIn: '/sign-in',
  acceptInvitation: '/accept-invitation',
  account: '/account',
  operators: '/operators',
  operator: '/operators/$operatorId',
  operatorHome: '/operators/$operatorId/home',
  notices: '/operators/$operatorId/notices',
  leads: '/operators/$operatorId/leads',
  lead: '/operators/$operatorId/leads/$leadId',
  tenants: '/operators/$operatorId/tenants',
  tenant: '/operators/$operatorId/tenants/$leadId',
  services: '/operators/$operatorId/services',
  service: '/operators/$operatorId/services/$serviceId',
  callingProfiles: '/operators/$operatorId/calling-profiles',
  licenses: '/operators/$operatorId/licenses',
  leadColumns: '/operators/$operatorId/help/lead-columns',
  jobs: '/operators/$operatorId/jobs',
  job: '/operators/$operatorId/jobs/$jobName',
  tasks: '/operators/$operatorId/tasks',
  task: '/operators/$operatorId/tasks/$taskId',
  activity: '/operators/$operatorId/activity',
  channels: '/operators/$operatorId/channels',
  microsoft: '/operators/$operatorId/settings/microsoft',
  sbcs: '/operators/$operatorId/settings/sbcs',
  leadSettings: '/operators/$operatorId/settings/leads',
  mail: '/operators/$operatorId/settings/mail',
  users: '/operators/$operatorId/settings/users',
  clients: '/operators/$operatorId/settings/clients',
  webhooks: '/operators/$operatorId/settings/webhooks',
  webhook: '/operators/$operatorId/settings/webhooks/$webhookId',
  permissions: '/operators/$operatorId/settings/permissions',
} as const

export type Path = (typeof paths)[keyof typeof paths]

/** Leads that an address chooses by their ids: more make one that not everything takes. */
export const CHOSEN_LEADS_MAX = 50
