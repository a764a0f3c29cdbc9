import type { IncomingHttpHeaders } from 'node:http'

/** The cookies of this installation: with `__Host-` a browser takes them from this very host over https only. */
export type SessionCookie = {
  read(headers: IncomingHttpHeaders): string | undefined
  /** Value of Set-Cookie that keeps the token as long as the browser is open, or as the session lives. */
  set(token: string, maxAgeSeconds: number): string
  clear(): string
}

export function sessionCookie(publicUrl: string, name: string): SessionCookie {
  const isSecure = publicUrl.startsWith('https:')
  const fullName = isSecure ? `__Host-${name}` : name
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`
  return {
    read: ({ cookie }) => cookieValue(cookie, fullName),
    set: (token, maxAgeSeconds) => `${fullName}=${token}; Max-Age=${maxAgeSeconds}; ${attributes}`,
    clear: () => `${fullName}=; Max-Age=0; ${attributes}`,
  }
}

/** Names without `__Host-`. */
export function sessionCookieName(publicUrl: string): string {
  return publicUrl.startsWith('https:') ? 'leadline' : 'leadline_session'
}

function cookieValue(header: string | undefined, name: string): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const equals = part.indexOf('=')
    if (equals > 0 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim() || undefined
  }
  return undefined
}
