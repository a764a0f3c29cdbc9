import { Watched } from '../ui/watched.ts'

/** A channel through whose eyes somebody of the carrier looks, in this tab. */
export type ViewedChannel = { operatorId: number; channelId: number; name: string }

const KEY = 'leadline.viewed-channel'

function kept(): ViewedChannel | null {
  try {
    const value = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Partial<ViewedChannel> | null
    const { operatorId, channelId, name } = value ?? {}
    if (typeof operatorId !== 'number' || typeof channelId !== 'number' || typeof name !== 'string') return null
    return { operatorId, channelId, name }
  } catch {
    // Then one sees what one sees oneself.
    return null
  }
}

/** Kept in the tab, so that a reload does not widen what is seen without a word. */
export const viewedChannel = new Watched<ViewedChannel | null>(kept())

export function viewAs(channel: ViewedChannel | null): void {
  try {
    if (channel) sessionStorage.setItem(KEY, JSON.stringify(channel))
    else sessionStorage.removeItem(KEY)
  } catch {
    // It lasts until the page is left, then.
  }
  viewedChannel.set(channel)
}

/** The channel a call for this operator is narrowed to. */
export function viewedChannelOf(operatorId: number | undefined): number | null {
  const viewed = viewedChannel.get()
  return viewed && viewed.operatorId === operatorId ? viewed.channelId : null
}
