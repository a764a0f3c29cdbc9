import { AppError, notFound } from '../../kernel/errors.ts'
import type { Answer } from '../../platform/http/index.ts'
import type { OpenIdService } from './open-id.service.ts'

export function requireOpenId(service: OpenIdService | null): OpenIdService {
  if (!service) throw notFound('Sign-in through OpenID Connect')
  return service
}

/** A browser is shown no problem details: what goes wrong is told on the sign-in page, which knows the code. */
export async function toSignInPage(publicUrl: string, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'not-found') throw error
    return { status: 302, headers: { location: `${publicUrl}/sign-in?error=${error.code}` } }
  }
}
