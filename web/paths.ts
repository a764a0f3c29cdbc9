/** Every address of the portal. The server serves the portal at these beginnings: contract/service.ts. */
export const paths = {
  home: '/',
  signIn: '/sign-in',
  acceptInvitation: '/accept-invitation',
  account: '/account',
  operators: '/operators',
  operator: '/operators/$operatorId',
  leads: '/operators/$operatorId/leads',
  lead: '/operators/$operatorId/leads/$leadId',
  tenants: '/operators/$operatorId/tenants',
  tenant: '/operators/$operatorId/tenants/$leadId',
  leadColumns: '/operators/$operatorId/help/lead-columns',
  jobs: '/operators/$operatorId/jobs',
  job: '/operators/$operatorId/jobs/$jobName',
  tasks: '/operators/$operatorId/tasks',
  task: '/operators/$operatorId/tasks/$taskId',
  activity: '/operators/$operatorId/activity',
  channels: '/operators/$operatorId/channels',
  microsoft: '/operators/$operatorId/settings/microsoft',
  leadSettings: '/operators/$operatorId/settings/leads',
  mail: '/operators/$operatorId/settings/mail',
  users: '/operators/$operatorId/settings/users',
  clients: '/operators/$operatorId/settings/clients',
  permissions: '/operators/$operatorId/settings/permissions',
} as const

export type Path = (typeof paths)[keyof typeof paths]
