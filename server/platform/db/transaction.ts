import {
  type CompiledQuery,
  type DatabaseConnection,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import type pg from 'pg'
import { isGuid } from '../../kernel/ids.ts'
import type { Principal } from '../../kernel/principal.ts'
import { connect, discard, doubt } from './connect.ts'
import { changeUncertain, isConnectionLost, isReadTimeout, toAppError } from './database-error.ts'
import { asPart, currentJoint, isInPart, type Joint, joined } from './joint.ts'
import { APP_ROLE } from './scope.ts'
import type { Tx } from './tx.ts'

export type { Tx } from './tx.ts'

/** Runs `work` in one transaction that sees only what the principal may see; commits when it resolves, else rolls back. */
export type Transact = <T>(principal: Principal, work: (tx: Tx) => Promise<T>) => Promise<T>

type OpenTx = Tx & { client: pg.PoolClient; kysely: Kysely<unknown> | null }

/**
 * The statements that begin a transaction and narrow it to the principal's scope, for one round trip.
 * Only integers and a checked GUID are put into the text, so nothing a caller sent can get into it.
 */
export function beginStatements(principal: Principal, mode = ''): string[] {
  return [`begin ${mode}`, `set local role ${APP_ROLE}`, scopeStatement(principal)]
}

export function beginStatement(principal: Principal, mode = ''): string {
  return beginStatements(principal, mode).join('; ')
}

/** Narrows the open transaction to the principal's scope. */
function scopeStatement(principal: Principal): string {
  const operator = principal.operatorId === null ? '' : String(integer(principal.operatorId))
  const channel = principal.channelId === null ? '' : String(integer(principal.channelId))
  const installation = principal.kind === 'installation' ? 'on' : ''
  const tenant = principal.customerTenantId === undefined ? '' : guid(principal.customerTenantId)
  return (
    `select set_config('leadline.operator_id', '${operator}', true), set_config('leadline.channel_id', '${channel}', true), ` +
    `set_config('leadline.installation', '${installation}', true), set_config('leadline.tenant_id', '${tenant}', true)`
  )
}

/** Makes the function by which services begin transactions on this pool. */
export function createTransact(pool: pg.Pool): Transact {
  return async (principal, work) => {
    const joint = currentJoint()
    if (joint) return joint.part(principal, work)
    return inTransaction(pool, beginStatement(principal), (client) => work(openTx(client, principal)))
  }
}

export type JointOptions = {
  /** A row that somebody else has changed since the first look makes the whole fail with SQLSTATE 40001. */
  repeatableRead?: boolean
}

/** Runs `work` so that every transaction begun in it is a part of one, which commits when it resolves, else rolls back. */
export type TransactJointly = <T>(
  principal: Principal,
  work: (joint: Joint) => Promise<T>,
  options?: JointOptions,
) => Promise<T>

export function createTransactJointly(pool: pg.Pool): TransactJointly {
  return async (principal, work, { repeatableRead = false } = {}) => {
    const begin = beginStatement(principal, repeatableRead ? 'isolation level repeatable read' : '')
    return inTransaction(pool, begin, async (client) => {
      const joint = openJoint(client)
      try {
        return await joined(joint, () => work(joint))
      } finally {
        // Whoever comes later, in work that nobody waited for, begins a transaction of his own.
        joint.closed = true
        await joint.idle()
      }
    })
  }
}

async function inTransaction<T>(pool: pg.Pool, begin: string, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await connect(pool)
  let committing = false
  try {
    await client.query(begin)
    const result = await work(client)
    committing = true
    await client.query('commit')
    client.release()
    return result
  } catch (error) {
    await abandon(pool, client, error)
    throw committing && isConnectionLost(error) ? changeUncertain(error) : toAppError(error)
  }
}

function openTx(client: pg.PoolClient, principal: Principal): OpenTx {
  return { principal, operatorId: principal.operatorId ?? 0, client, kysely: null } as unknown as OpenTx
}

function openJoint(client: pg.PoolClient): Joint & { idle(): Promise<void> } {
  // The same principal gets the same transaction: stores remember what they did in it.
  const opened = new Map<Principal, OpenTx>()
  const state = { completed: 0 }
  let last: Promise<unknown> = Promise.resolve()
  let scope: Principal | null = null

  async function run<T>(principal: Principal, work: (tx: Tx) => Promise<T>): Promise<T> {
    const outer = scope
    await client.query(`savepoint part; ${scopeStatement(principal)}`)
    scope = principal
    try {
      const tx = opened.get(principal) ?? openTx(client, principal)
      opened.set(principal, tx)
      const result = await asPart(joint, () => work(tx))
      await client.query(`release savepoint part${outer ? `; ${scopeStatement(outer)}` : ''}`)
      state.completed += 1
      return result
    } catch (error) {
      if (!isConnectionLost(error)) await client.query('rollback to savepoint part; release savepoint part')
      throw toAppError(error)
    } finally {
      scope = outer
    }
  }
  const joint = {
    closed: false,
    get completed() {
      return state.completed
    },
    part<T>(principal: Principal, work: (tx: Tx) => Promise<T>): Promise<T> {
      if (isInPart()) return run(principal, work)
      const mine = last.then(() => run(principal, work))
      last = mine.catch(() => {})
      return mine
    },
    idle: async () => void (await last),
  }
  return joint
}

/**
 * Gives back the connection of a transaction that failed. One that broke, or cannot even roll back, is thrown away and
 * never handed to the next transaction.
 */
export async function abandon(pool: pg.Pool, client: pg.PoolClient, error: unknown): Promise<void> {
  if (isReadTimeout(error)) doubt(pool)
  if (isConnectionLost(error)) return discard(client)
  try {
    await client.query('rollback')
  } catch {
    // The first error is the one to be told.
    return discard(client)
  }
  client.release()
}

/** A query builder that can name only the tables in `Tables`; for stores. */
export function openTables<Tables>(tx: Tx): Kysely<Tables> {
  const open = tx as OpenTx
  open.kysely ??= kyselyOn(open.client)
  return open.kysely as unknown as Kysely<Tables>
}

/** The bare connection of the transaction, for COPY and cursors; for stores. */
export function connectionOf(tx: Tx): pg.PoolClient {
  return (tx as OpenTx).client
}

function kyselyOn(client: pg.PoolClient): Kysely<unknown> {
  const connection: DatabaseConnection = {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      const result = await client.query(query.sql, [...query.parameters])
      return { rows: (result.rows ?? []) as R[], numAffectedRows: BigInt(result.rowCount ?? 0) }
    },
    streamQuery() {
      throw new Error('Streaming reads use COPY or a cursor on connectionOf(tx).')
    },
  }
  const nothing = async () => {}
  return new Kysely<unknown>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
      createDriver: () => ({
        init: nothing,
        acquireConnection: async () => connection,
        beginTransaction: () => Promise.reject(new Error('The transaction is already open.')),
        commitTransaction: nothing,
        rollbackTransaction: nothing,
        releaseConnection: nothing,
        destroy: nothing,
      }),
    },
  })
}

function integer(value: number): number {
  if (!Number.isSafeInteger(value)) throw new Error(`Not an integer: ${value}`)
  return value
}

function guid(value: string): string {
  if (!isGuid(value)) throw new Error(`Not a GUID: ${value}`)
  return value
}
