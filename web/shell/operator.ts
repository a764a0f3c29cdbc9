import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Permission } from '../../contract/permissions.ts'
import { meQuery } from '../api/queries.ts'
import type { WireMe, WireOperatorChoice } from '../api/sessions.ts'
import { cancelAllDownloads } from './downloads.ts'

export type Operator = WireOperatorChoice & { can: (permission: Permission) => boolean; isWholeOperator: boolean }

/** The person who is signed in. Only below a route that has made sure of it. */
export function useMe(): WireMe {
  return useSuspenseQuery(meQuery).data
}

/** Who may add operators to the installation and work for each of them. */
export function isPlatformAdministrator({ memberships }: WireMe): boolean {
  return memberships.some(({ tier, level }) => tier === 'platform' && level === 'administrator')
}

/** The operator of the address, with what the person may do there. Only below the operator's route. */
export function useOperator(): Operator {
  const { operatorId } = useParams({ strict: false })
  const me = useMe()
  return useMemo(() => {
    const choice = me.operators.find((one) => String(one.operatorId) === operatorId)
    if (!choice) throw new Error(`Operator ${operatorId} is not one of the person's.`)
    const held = new Set<string>(choice.permissions)
    return { ...choice, can: (permission) => held.has(permission), isWholeOperator: choice.channelId === null }
  }, [me, operatorId])
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
  }
}
