import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { hasSessionEnded } from './api/link.ts'
import { ApiProblem } from './api/problem.ts'
import { meQuery, viewsQuery } from './api/queries.ts'
import type { WireMe } from './api/sessions.ts'
import type { ViewList } from './api/views.ts'
import { readActivitySearch } from './features/activity/activity-search.ts'
import { firstLeadsQuery } from './features/leads/lead-queries.ts'
import { type LeadSearch, readLeadSearch } from './features/leads/lead-search.ts'
import { readView } from './features/leads/lead-view.ts'
import { readSbcSearch } from './features/sbcs/sbc-search.ts'
import { readServiceSearch } from './features/services/service-search.ts'
import { readWebhookSearch } from './features/webhooks/webhook-search.ts'
import { paths } from './paths.ts'
import { Frame } from './shell/frame.tsx'
import { NotFoundPage, PageFailure } from './shell/not-found-page.tsx'
import { lastOperatorId } from './shell/operator.ts'
import { PagePending } from './shell/page-pending.tsx'
import { readSearch, writeSearch } from './shell/search-text.ts'

type Context = { client: QueryClient }

const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: NotFoundPage })

/** The person, or the way to the sign-in page and back. */
async function requireMe({ client }: Context, href: string): Promise<WireMe> {
  try {
    return await client.ensureQueryData(meQuery)
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 401) throw error
    throw redirect({ to: paths.signIn, search: href === '/' ? {} : { next: href } })
  }
}

const home = createRoute({
  getParentRoute: () => root,
  path: paths.home,
  beforeLoad: async ({ context, location }) => {
    const me = await requireMe(context, location.href)
    const only = me.operators.length === 1 ? me.operators[0]?.operatorId : lastOperatorId(me)
    if (only === undefined) throw redirect({ to: paths.operators })
    throw redirect({ to: paths.leads, params: { operatorId: String(only) } })
  },
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: paths.signIn,
  validateSearch: (search: Record<string, unknown>): { next?: string; error?: string; email?: string } => ({
    ...ownPath(search.next),
    ...(typeof search.error === 'string' && { error: search.error }),
    ...(typeof search.email === 'string' && { email: search.email }),
  }),
  component: lazyRouteComponent(() => import('./features/sign-in/sign-in-page.tsx'), 'SignInPage'),
})

/** Only addresses of this portal are followed after sign-in. */
function ownPath(text: unknown): { next?: string } {
  return typeof text === 'string' && /^\/(?![/\\])/.test(text) ? { next: text } : {}
}

const acceptInvitation = createRoute({
  getParentRoute: () => root,
  path: paths.acceptInvitation,
  component: lazyRouteComponent(() => import('./features/sign-in/accept-invitation-page.tsx'), 'AcceptInvitationPage'),
})

const account = createRoute({
  getParentRoute: () => root,
  path: paths.account,
  beforeLoad: ({ context, location }) => requireMe(context, location.href),
  component: lazyRouteComponent(() => import('./features/account/account-page.tsx'), 'AccountPage'),
})

const operators = createRoute({
  getParentRoute: () => root,
  path: paths.operators,
  beforeLoad: ({ context, location }) => requireMe(context, location.href),
  component: lazyRouteComponent(() => import('./features/sign-in/operators-page.tsx'), 'OperatorsPage'),
})

const operator = createRoute({
  getParentRoute: () => root,
  path: paths.operator,
  beforeLoad: async ({ context, location, params }) => {
    const me = await requireMe(context, location.href)
    return { isOwnOperator: me.operators.some(({ operatorId }) => String(operatorId) === params.operatorId) }
  },
  component: Frame,
  pendingComponent: PagePending,
  errorComponent: PageFailure,
})

const operatorHome = createRoute({
  getParentRoute: () => operator,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: paths.leads, params })
  },
})

const overview = createRoute({
  getParentRoute: () => operator,
  path: 'home',
  component: lazyRouteComponent(() => import('./features/home/home-page.tsx'), 'HomePage'),
})

const notices = createRoute({
  getParentRoute: () => operator,
  path: 'notices',
  component: lazyRouteComponent(() => import('./features/notices/notices-page.tsx'), 'NoticesPage'),
})

const loadLeadsPage = () => import('./features/leads/leads-page.tsx')

type LeadsEntered = {
  context: Context
  params: { operatorId: string }
  search: LeadSearch
  location: { pathname: string }
  cause: 'preload' | 'enter' | 'stay'
}

/** Whoever comes to a list without saying what he wants to see gets the view that he begins with. */
async function beginWithView(list: ViewList, { context, params, search, location, cause }: LeadsEntered) {
  if (cause !== 'enter' || Object.keys(search).length > 0 || !location.pathname.endsWith(`/${list}`)) return
  const { client } = context
  const operatorId = Number(params.operatorId)
  const first = client
    .getQueryData(meQuery.queryKey)
    ?.preferences.defaultViews.find((one) => one.operatorId === operatorId && one.list === list)
  if (!first) return
  // The list itself is shown whatever becomes of the views.
  const views = await client.ensureQueryData(viewsQuery(operatorId)).catch(() => [])
  const view = views.find(({ id }) => id === first.viewId)
  if (!view) return
  throw redirect({ to: list === 'leads' ? paths.leads : paths.tenants, params, search: readView(view).search })
}

const leads = createRoute({
  getParentRoute: () => operator,
  path: 'leads',
  validateSearch: readLeadSearch,
  beforeLoad: (entered) => beginWithView('leads', entered),
  loaderDeps: ({ search }) => search,
  // Not waited for: the page shows its frame at once, and the rows as soon as they come.
  loader: ({ context, params, deps }) => void firstLeadsQuery(context.client, Number(params.operatorId), false, deps),
  component: lazyRouteComponent(loadLeadsPage, 'NewLeadsPage'),
})

const tenants = createRoute({
  getParentRoute: () => operator,
  path: 'tenants',
  validateSearch: readLeadSearch,
  beforeLoad: (entered) => beginWithView('tenants', entered),
  loaderDeps: ({ search }) => search,
  loader: ({ context, params, deps }) => void firstLeadsQuery(context.client, Number(params.operatorId), true, deps),
  component: lazyRouteComponent(loadLeadsPage, 'TenantsPage'),
})

// Their parent shows the panel beside its list.
const lead = createRoute({ getParentRoute: () => leads, path: '$leadId' })
const tenant = createRoute({ getParentRoute: () => tenants, path: '$leadId' })

const services = createRoute({
  getParentRoute: () => operator,
  path: 'services',
  validateSearch: readServiceSearch,
  component: lazyRouteComponent(() => import('./features/services/services-page.tsx'), 'ServicesPage'),
})
const service = createRoute({ getParentRoute: () => services, path: '$serviceId' })
const licenses = createRoute({
  getParentRoute: () => operator,
  path: 'licenses',
  component: lazyRouteComponent(() => import('./features/services/licenses-page.tsx'), 'LicensesPage'),
})

const jobs = createRoute({
  getParentRoute: () => operator,
  path: 'jobs',
  component: lazyRouteComponent(() => import('./features/jobs/jobs-page.tsx'), 'JobsPage'),
})
const job = createRoute({ getParentRoute: () => jobs, path: '$jobName' })

const tasks = createRoute({
  getParentRoute: () => operator,
  path: 'tasks',
  component: lazyRouteComponent(() => import('./features/tasks/tasks-page.tsx'), 'TasksPage'),
})
const task = createRoute({ getParentRoute: () => tasks, path: '$taskId' })

const activity = createRoute({
  getParentRoute: () => operator,
  path: 'activity',
  validateSearch: readActivitySearch,
  component: lazyRouteComponent(() => import('./features/activity/activity-page.tsx'), 'ActivityPage'),
})

const channels = createRoute({
  getParentRoute: () => operator,
  path: 'channels',
  // The channel whose panel is open, or the one that is being made.
  validateSearch: ({ channel }: Record<string, unknown>): { channel?: string } =>
    typeof channel === 'string' && /^(\d{1,10}|new)$/.test(channel) ? { channel } : {},
  component: lazyRouteComponent(() => import('./features/channels/channels-page.tsx'), 'ChannelsPage'),
})

const callingProfiles = createRoute({
  getParentRoute: () => operator,
  path: 'calling-profiles',
  component: lazyRouteComponent(
    () => import('./features/calling-profiles/calling-profiles-page.tsx'),
    'CallingProfilesPage',
  ),
})

const microsoft = createRoute({
  getParentRoute: () => operator,
  path: 'settings/microsoft',
  component: lazyRouteComponent(() => import('./features/microsoft/microsoft-page.tsx'), 'MicrosoftPage'),
})
const sbcs = createRoute({
  getParentRoute: () => operator,
  path: 'settings/sbcs',
  validateSearch: readSbcSearch,
  component: lazyRouteComponent(() => import('./features/sbcs/sbcs-page.tsx'), 'SbcsPage'),
})
const leadSettings = createRoute({
  getParentRoute: () => operator,
  path: 'settings/leads',
  component: lazyRouteComponent(() => import('./features/lead-settings/lead-settings-page.tsx'), 'LeadSettingsPage'),
})
const mail = createRoute({
  getParentRoute: () => operator,
  path: 'settings/mail',
  component: lazyRouteComponent(() => import('./features/mail/mail-page.tsx'), 'MailPage'),
})
const users = createRoute({
  getParentRoute: () => operator,
  path: 'settings/users',
  component: lazyRouteComponent(() => import('./features/users/users-page.tsx'), 'UsersPage'),
})
const clients = createRoute({
  getParentRoute: () => operator,
  path: 'settings/clients',
  component: lazyRouteComponent(() => import('./features/clients/clients-page.tsx'), 'ClientsPage'),
})
const webhooks = createRoute({
  getParentRoute: () => operator,
  path: 'settings/webhooks',
  validateSearch: readWebhookSearch,
  component: lazyRouteComponent(() => import('./features/webhooks/webhooks-page.tsx'), 'WebhooksPage'),
})
const webhook = createRoute({ getParentRoute: () => webhooks, path: '$webhookId' })

const permissions = createRoute({
  getParentRoute: () => operator,
  path: 'settings/permissions',
  component: lazyRouteComponent(() => import('./features/permissions/permissions-page.tsx'), 'PermissionsPage'),
})

const leadColumns = createRoute({
  getParentRoute: () => operator,
  path: 'help/lead-columns',
  component: lazyRouteComponent(() => import('./features/leads/lead-columns-page.tsx'), 'LeadColumnsPage'),
})

const operatorPages = [
  operatorHome,
  overview,
  notices,
  leads.addChildren([lead]),
  tenants.addChildren([tenant]),
  services.addChildren([service]),
  licenses,
  jobs.addChildren([job]),
  tasks.addChildren([task]),
  channels,
  callingProfiles,
  activity,
  leadColumns,
  microsoft,
  sbcs,
  leadSettings,
  mail,
  users,
  clients,
  webhooks.addChildren([webhook]),
  permissions,
] as const

const routeTree = root.addChildren([
  home,
  signIn,
  acceptInvitation,
  account,
  operators,
  operator.addChildren(operatorPages),
])

/** Every page of the portal, by address. */
export function createPortalRouter(client: QueryClient) {
  const router = createRouter({
    routeTree,
    context: { client },
    parseSearch: readSearch,
    stringifySearch: writeSearch,
    // Only what a route has checked reaches its page.
    search: { strict: true },
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 5_000,
    defaultErrorComponent: PageFailure,
    defaultPendingMs: 300,
    scrollRestoration: false,
  })
  router.subscribe('onBeforeNavigate', ({ toLocation }) => {
    // Away to the sign-in page: the dialog over the page before has nothing more to say.
    if (toLocation.pathname === paths.signIn) hasSessionEnded.set(false)
  })
  return router
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPortalRouter>
  }
}
