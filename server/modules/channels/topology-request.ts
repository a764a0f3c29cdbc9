import { AppError, badRequest, type FieldError } from '../../kernel/errors.ts'

/** A number of the documented API, which may come as text. */
export type NumberText = number | string

/** The operator a body names must be the one the caller works for; to be left out is all right. Source: rest-api.md H3, X20. */
export function requireOwnTenant(tenantId: NumberText | undefined, operatorId: number): void {
  if (tenantId === undefined || Number(tenantId) === operatorId) return
  const error: FieldError = { pointer: '/body/tenantId', detail: `Must be ${operatorId}, or be left out.` }
  throw badRequest([error])
}

/** The channel a body names: 0 and null are none; left out is left out. */
export function channelIdOf(channelId: NumberText | null | undefined): number | null | undefined {
  if (channelId === undefined || channelId === null) return channelId
  return Number(channelId) || null
}

/**
 * What is not there, in the documented words. A channel named in the body is told the same way as the customer of the
 * path. Source: rest-api.md 1.6, H7.
 */
export async function findingEntity<T>(ids: { path?: number; body?: number | null }, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.status === 404 && ids.path !== undefined) throw noEntity(ids.path)
    const isChannel = error.errors?.some(
      ({ pointer, detail }) => pointer === '/body/channelId' && /no such/.test(detail),
    )
    if (isChannel && ids.body != null) throw noEntity(ids.body)
    throw error
  }
}

function noEntity(id: number): AppError {
  return new AppError({ code: 'not-found', status: 404, detail: `Entity with id ${id} not found` })
}
