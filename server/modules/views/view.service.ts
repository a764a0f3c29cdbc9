import { VIEWS_MAX, type ViewList } from '../../../contract/views.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError, badRequest, notFound } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { demandMatch } from '../../platform/http/index.ts'
import { journal } from '../audit/index.ts'
import { mayChange, mayShare, ownerOf, type Permitted, type View, viewName, viewQuery } from './view.rules.ts'
import { viewStore } from './view.store.ts'

/** What is asked for; what is left out stays. */
export type ViewAsked = { name?: string; query?: string; columns?: string[] | null; shared?: boolean }
export type NewView = ViewAsked & { name: string; list: ViewList }

export type ViewService = ReturnType<typeof createViewService>

/** Saved views: each has his own, some are shared with everybody of their scope. */
export function createViewService({ transact, clock }: { transact: Transact; clock: Clock }) {
  /** Locks one that may be changed; throws 404, 403 and 412. */
  async function lock(tx: Tx, viewId: string, ifMatch: string | undefined): Promise<View> {
    const view = await viewStore(tx).lock(viewId)
    if (!view) throw notFound('The view')
    demandMatch(ifMatch, viewTag(view))
    demand(mayChange(view, tx.principal))
    return view
  }

  /** Throws 409 where it finds no place, or not under this name. */
  async function demandPlace(tx: Tx, view: View, isAnother: boolean): Promise<void> {
    if (isAnother && (await viewStore(tx).count(view)) >= VIEWS_MAX) throw tooMany(view.shared)
    if (await viewStore(tx).isTaken(view)) throw nameTaken(view)
  }

  return {
    list: (principal: OperatorPrincipal): Promise<View[]> => transact(principal, (tx) => viewStore(tx).list()),

    get: (principal: OperatorPrincipal, viewId: string): Promise<View> =>
      transact(principal, async (tx) => {
        const view = await viewStore(tx).find(viewId)
        if (!view) throw notFound('The view')
        return view
      }),

    create: (principal: OperatorPrincipal, asked: NewView): Promise<View> =>
      transact(principal, async (tx) => {
        const now = clock.now()
        const made: View = {
          ...{ viewId: newId(now), channelId: principal.channelId, owner: ownerOf(principal), list: asked.list },
          ...{ name: viewName(asked.name), query: viewQuery(asked.query ?? ''), columns: asked.columns ?? null },
          ...{ shared: asked.shared ?? false, version: 1, createdAt: now, createdBy: principal.name, changedAt: now },
        }
        if (made.name === '') throw nameless()
        demand(mayShare(null, made.shared, principal))
        await demandPlace(tx, made, true)
        await onceOfItsName(made, () => viewStore(tx).insert(made))
        await journal(tx).append({
          ...{ action: 'view.created', object: objectOf(made), channelId: made.channelId, after: factsOf(made) },
        })
        return made
      }),

    /** The same again changes nothing. */
    update: (principal: OperatorPrincipal, viewId: string, asked: ViewAsked, ifMatch?: string): Promise<View> =>
      transact(principal, async (tx) => {
        const before = await lock(tx, viewId, ifMatch)
        const after: View = {
          ...before,
          ...(asked.name !== undefined && { name: viewName(asked.name) }),
          ...(asked.query !== undefined && { query: viewQuery(asked.query) }),
          ...(asked.columns !== undefined && { columns: asked.columns }),
          ...(asked.shared !== undefined && { shared: asked.shared }),
        }
        if (after.name === '') throw nameless()
        demand(mayShare(before, after.shared, principal))
        if (JSON.stringify(factsOf(before)) === JSON.stringify(factsOf(after))) return before
        await demandPlace(tx, after, before.shared !== after.shared)
        const now = clock.now()
        await onceOfItsName(after, () => viewStore(tx).update(after, now))
        await journal(tx).append({
          ...{ action: 'view.changed', object: objectOf(after), channelId: after.channelId },
          ...{ before: factsOf(before), after: factsOf(after) },
        })
        return { ...after, version: before.version + 1, changedAt: now }
      }),

    remove: (principal: OperatorPrincipal, viewId: string, ifMatch?: string): Promise<void> =>
      transact(principal, async (tx) => {
        const view = await lock(tx, viewId, ifMatch)
        await viewStore(tx).remove(viewId)
        await journal(tx).append({
          ...{ action: 'view.deleted', object: objectOf(view), channelId: view.channelId },
          ...{ before: factsOf(view), after: null },
        })
      }),
  }
}

/** The tag that the next change of a view may name. */
export function viewTag({ viewId, version }: View): string {
  return `view-${viewId}-${version}`
}

function factsOf({ list, name, query, columns, shared }: View): Record<string, unknown> {
  return { list, name, query, columns, shared }
}

function objectOf({ viewId, name }: View) {
  return { type: 'view', id: viewId, name }
}

function demand(verdict: Permitted): void {
  if (verdict.ok) return
  throw new AppError({ code: verdict.code, status: 403, detail: verdict.reason })
}

/** Two at once with one name: the index lets one of them in. */
async function onceOfItsName(view: View, save: () => Promise<void>): Promise<void> {
  try {
    await save()
  } catch (error) {
    if ((error as { code?: string }).code === '23505') throw nameTaken(view)
    throw error
  }
}

function nameTaken({ name, shared }: View): AppError {
  const which = shared ? 'A shared view' : 'Another view of yours'
  const detail = `${which} is called "${name}" already. Choose another name, or change that one.`
  return new AppError({ code: 'view-name-taken', status: 409, detail })
}

function tooMany(shared: boolean): AppError {
  const detail = `There are ${VIEWS_MAX} ${shared ? 'shared views' : 'views of yours'} already: delete one first.`
  return new AppError({ code: 'views-full', status: 409, detail })
}

function nameless(): AppError {
  return badRequest([{ pointer: '/body/name', detail: 'Must have a letter or digit.' }])
}
