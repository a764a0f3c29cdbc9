/** A request to a route that asks for no permission: what is sent, in the name of every caller. */
export type OpenRequest = {
  /** Of somebody else: a session. */
  params?: Record<string, string>
  query?: string
  body?: unknown
  /** Not sent, and why. */
  unsent?: string
}

const credentials = { email: 'nobody@example.com', password: 'wrong' }
const token = 'lli_this-link-was-never-made-by-anybody-here'

/** By operation id: one for each route without a permission. Whom such a route lets in, its own tests say; here nobody may see into it. */
export const openRequests: Record<string, OpenRequest> = {
  createToken: { body: 'grant_type=client_credentials&client_id=nobody-here&client_secret=wrong' },
  createTenantToken: {
    params: { tenantId: 'any.example' },
    body: 'grant_type=client_credentials&client_id=nobody-here&client_secret=wrong',
  },
  getSigningKeys: {},
  getOpenIdConfiguration: {},
  listRoles: {},
  getSignInOptions: {},
  signIn: { body: credentials },
  signOut: { unsent: 'ends the session of the caller, who is needed again' },
  listSessions: {},
  revokeSession: {},
  revokeOtherSessions: {},
  startOpenIdSignIn: { query: 'returnTo=/leads' },
  finishOpenIdSignIn: {},
  getMe: {},
  getMailChoices: {},
  setPreferences: { body: { columns: { tenants: null } } },
  setMailChoices: { body: { choices: { 'new-lead': 'digest' } } },
  changePassword: { body: { currentPassword: 'wrong', newPassword: 'three quiet green lamps' } },
  startSecondFactor: { body: { password: 'wrong' } },
  confirmSecondFactor: { body: { code: '123456' } },
  removeSecondFactor: { body: { password: 'wrong', code: '123456' } },
  openInvitation: { body: { token } },
  acceptInvitation: { body: { token, newPassword: 'three quiet green lamps' } },
  getLiveness: {},
  getReadiness: {},
  getMetrics: {},
  getOpenApi: {},
  getDocs: {},
  getDocsAsset: { params: { file: 'start.js' } },
  getErrorDocs: { params: { code: 'not-found' } },
}
