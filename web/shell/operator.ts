import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Permission } from '../../contract/permissions.ts'
import { meQuery } from '../api/queries.ts'
import type { WireMe, WireOperatorChoice } from '../api/sessions.ts'
import { viewedChannel } from '../api/viewed-channel.ts'
import { useWatched } from '../ui/watched.ts'
import { cancelAllDownloads } from './downloads.ts'
import { RECENT_KEY } from './recent-key.ts'
import { CHANNEL_PERMISSIONS } from './viewed-permissions.ts'

export type Operator = WireOperatorChoice & { can: (permission: Permission) => boolean; isWholeOperator: boolean }

/** The person who is signed in. Only below a route that has made sure of it. */
export function useMe(): WireMe {
  return useSuspenseQuery(meQuery).data
}

/** Who may add operators to the installation and work for each of them. */
export function isPlatformAdministrator({ memberships }: WireMe): boolean {
  return memberships.some(({ tier, level }) => tier === 'platform' && level === 'administrator')
}

/**
 * The operator of the address, with what the person may do there: as the channel whose eyes he looks through, if any. Only
 * below the operator's route.
 */
export function useOperator(): Operator {
  const operatorId = useParams({ strict: false, select: (params) => params.operatorId })
  const me = useMe()
  const viewed = useWatched(viewedChannel)
  return useMemo(() => {
    const own = me.operators.find((one) => String(one.operatorId) === operatorId)
    if (!own) throw new Error(`Operator ${operatorId} is not one of the person's.`)
    const choice = viewed?.operatorId === own.operatorId && own.channelId === null ? narrowed(own, viewed) : own
    const held = new Set<string>(choice.permissions)
    return { ...choice, can: (permission) => held.has(permission), isWholeOperator: choice.channelId === null }
  }, [me, operatorId, viewed])
}

function narrowed(
  own: WireOperatorChoice,
  { channelId, name }: { channelId: number; name: string },
): WireOperatorChoice {
  const permissions = own.permissions.filter((one) => (CHANNEL_PERMISSIONS as readonly string[]).includes(one))
  return { ...own, channelId, channelName: name, permissions }
}

const KEY = 'leadline.operator'

/** The operator this browser worked for last, if the person still may. */
export function lastOperatorId(me: WireMe): number | undefined {
  let kept: string | null = null
  try {
    kept = localStorage.getItem(KEY)
  } catch {
    // Then the person is asked.
  }
  return me.operators.find(({ operatorId }) => String(operatorId) === kept)?.operatorId
}

export function rememberOperator(operatorId: number): void {
  try {
    localStorage.setItem(KEY, String(operatorId))
  } catch {
    // It is asked for again next time.
  }
}

/** Forgets all that was shown, before another person signs in. */
export function useForgetEverything(): () => void {
  const client = useQueryClient()
  return () => {
    cancelAllDownloads()
    client.clear()
    try {
      sessionStorage.removeItem(RECENT_KEY)
    } catch {
      // Nothing was kept, then.
    }
  }
}
