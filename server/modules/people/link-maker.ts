import { INVITATION_DAYS, RESET_HOURS } from '../../../contract/people.ts'
import { makeToken, tokenHash } from './opaque-token.ts'

/** A link as it is shown once, and until when it works. */
export type IssuedLink = { link: string; expiresAt: Date }

export type LinkMaker = {
  make(purpose: 'invitation' | 'new-password', now: Date): { url: string; hash: Buffer; expiresAt: Date }
}

/** Links of the portal's page for invitations. The token stands after #, which browsers keep to themselves. */
export function createLinkMaker(publicUrl: string): LinkMaker {
  return {
    make(purpose, now) {
      // The prefix lets scanners find one that leaked.
      const token = makeToken('lli_')
      const hours = purpose === 'invitation' ? INVITATION_DAYS * 24 : RESET_HOURS
      const expiresAt = new Date(now.getTime() + hours * 3_600_000)
      return { url: `${publicUrl}/accept-invitation#${token}`, hash: tokenHash(token), expiresAt }
    },
  }
}
