import type { ViewList } from '../../../contract/views.ts'
import type { Principal } from '../../kernel/principal.ts'

/** A way to look at a list, with a name. */
export type View = {
  viewId: string
  /** Null: made for the whole operator. */
  channelId: number | null
  owner: string
  shared: boolean
  list: ViewList
  name: string
  query: string
  columns: string[] | null
  version: number
  createdAt: Date
  createdBy: string
  changedAt: Date
}

export type Permitted = { ok: true } | { ok: false; code: 'view-not-yours' | 'permission-missing'; reason: string }

/** Whose views these are: people and API clients have each their own. */
export function ownerOf({ kind, id }: Pick<Principal, 'kind' | 'id'>): string {
  return `${kind}/${id}`
}

/** Own ones, whoever one is; shared ones take the permission to share. */
export function mayChange(view: View, principal: Principal): Permitted {
  if (!view.shared || principal.permissions.has('views.share')) return { ok: true }
  const reason = `${view.createdBy} shares this view: changing it takes the permission views.share. Save it under a name of your own instead.`
  return { ok: false, code: 'view-not-yours', reason }
}

/** `before` null: a new one. */
export function mayShare(before: View | null, shared: boolean, principal: Principal): Permitted {
  if (shared && !before?.shared && !principal.permissions.has('views.share')) {
    return { ok: false, code: 'permission-missing', reason: 'To share a view takes the permission views.share.' }
  }
  if (!shared && before?.shared && before.owner !== ownerOf(principal)) {
    const reason = `${before.createdBy} made this view: nobody else can make it private. Delete it, or save one of your own.`
    return { ok: false, code: 'view-not-yours', reason }
  }
  return { ok: true }
}

/** Name on one line, without blanks around it. */
export function viewName(text: string): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .toWellFormed()
    .trim()
}

export function foldViewName(name: string): string {
  return name.normalize('NFC').toLowerCase()
}

/** The query as text that an address can hold: without the question mark somebody copied along. */
export function viewQuery(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, '')
    .toWellFormed()
    .replace(/^\?/, '')
    .trim()
}
