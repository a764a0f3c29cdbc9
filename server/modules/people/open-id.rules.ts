/** Claims of an ID token that say who somebody is. */
export type IdentityClaims = Record<string, unknown>

const ENTRA_TENANT = /^https:\/\/login\.microsoftonline\.com\/[0-9a-f-]{36}\/v2\.0$/i

/**
 * The mail address the provider vouches for; undefined: it vouches for none. Entra marks none as verified, but within one
 * directory a user principal name is unique and on a domain the directory has proved; the mail attribute is neither.
 * Source: OpenID Connect Core 5.1 (email_verified); Microsoft's claim xms_edov.
 */
export function verifiedEmail(claims: IdentityClaims, issuer: string): string | undefined {
  const { email, email_verified: verified, xms_edov: domainVerified, preferred_username: userName } = claims
  const isVerified = [verified, domainVerified].some(
    (flag) => flag === true || flag === 'true' || flag === 1 || flag === '1',
  )
  if (isVerified && isAddress(email)) return email.trim()
  if (ENTRA_TENANT.test(issuer) && isAddress(userName) && !userName.includes('#EXT#')) return userName.trim()
  return undefined
}

/** What the button says. */
export function providerName(issuer: string): string {
  const { hostname } = new URL(issuer)
  if (hostname === 'login.microsoftonline.com') return 'Microsoft'
  return hostname === 'accounts.google.com' ? 'Google' : hostname
}

/** A path of the portal, and nothing that leads elsewhere: `//host`, `/\host` and whole addresses become the start page. */
export function safeReturnPath(returnTo: string | undefined): string {
  if (returnTo === undefined || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(returnTo)) return '/'
  const url = new URL(returnTo, 'http://portal.invalid')
  return url.host === 'portal.invalid' ? `${url.pathname}${url.search}${url.hash}` : '/'
}

function isAddress(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 320 && /^\s*[^\s@]+@[^\s@]+\s*$/.test(value)
}
