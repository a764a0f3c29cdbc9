import { AppError, badRequest } from '../../kernel/errors.ts'
import type { Principal } from '../../kernel/principal.ts'
import { quoted } from '../../kernel/repeatable.ts'

const HEADER = 'X-Ovoc-Channel-Id'

/**
 * Narrows a principal to the channel a request names in `X-Ovoc-Channel-Id`: for clients and people alike.
 * Who is bound to a channel stays in it, and asking for another is refused. Source: rest-api.md 1.2.
 */
export function narrowToChannel<P extends Principal>(principal: P, header: string | string[] | undefined): P {
  if (header === undefined) return principal
  const channelId = readChannelId(header)
  if (principal.channelId === channelId) return principal
  if (principal.channelId === null) return { ...principal, channelId }
  throw new AppError({
    code: 'channel-not-yours',
    status: 403,
    detail: `These credentials are bound to channel ${principal.channelId}: leave ${HEADER} out, or send that number.`,
  })
}

function readChannelId(header: string | string[]): number {
  const text = Array.isArray(header) ? header.join(',') : header.trim()
  if (/^[0-9]{1,10}$/.test(text) && Number(text) > 0 && Number(text) <= 2_147_483_647) return Number(text)
  const ofZero = Number(text) === 0 ? ' 0 is no channel: leave the header out to ask for the whole operator.' : ''
  throw refused(`Must be one channel id, a whole number from 1, was ${quoted(text)}.${ofZero}`)
}

/** 400: what is written in the name of a channel that the operator has not would belong to nobody. */
export function unknownChannel(channelId: number): AppError {
  return refused(`There is no channel ${channelId}. Its id is in \`GET /api/ovoc/v1/topology/channels\`.`)
}

function refused(detail: string): AppError {
  return badRequest([{ pointer: `/headers/${HEADER}`, detail }])
}
