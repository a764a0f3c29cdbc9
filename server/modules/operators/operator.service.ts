import { AppError, notFound } from '../../kernel/errors.ts'
import { installationPrincipal, type OperatorPrincipal, type Principal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { journal } from '../audit/index.ts'
import { type Operator, operatorStore } from './operator.store.ts'

export type OperatorService = ReturnType<typeof createOperatorService>

/** Two who add operators at once may reckon the same next number. */
const NUMBERING_ATTEMPTS = 5

/**
 * The operators of the installation. Callers are administrators of the platform tier: the endpoints see to that. Each
 * operator is made and renamed in a transaction of its own scope, so that its journal begins with its making.
 */
export function createOperatorService({ transact }: { transact: Transact }) {
  const overAll = <T>({ requestId }: Principal, read: (tx: Tx) => Promise<T>) =>
    transact(installationPrincipal('operators', requestId), read)

  async function get(principal: Principal, operatorId: number): Promise<Operator> {
    const found = await overAll(principal, (tx) => operatorStore(tx).find(operatorId))
    if (!found) throw notFound('The operator')
    return found
  }

  const insert = (principal: Principal, operatorId: number, name: string) =>
    transact(within(principal, operatorId), (tx) => addOperator(tx, operatorId, name))

  return {
    list: (principal: Principal): Promise<Operator[]> => overAll(principal, (tx) => operatorStore(tx).describe()),
    get,

    /** `operatorId` left out: the next free number. Throws 409 `operator-exists`, `operator-name-taken`. */
    async create(principal: Principal, asked: { name: string; operatorId?: number }): Promise<Operator> {
      const name = asked.name.trim()
      for (let attempt = 1; ; attempt++) {
        const operatorId = asked.operatorId ?? (await overAll(principal, (tx) => operatorStore(tx).nextId()))
        try {
          await insert(principal, operatorId, name)
          return await get(principal, operatorId)
        } catch (error) {
          const isTaken = error instanceof AppError && error.code === 'operator-exists'
          if (!isTaken || asked.operatorId !== undefined || attempt === NUMBERING_ATTEMPTS) throw error
        }
      }
    },

    async rename(principal: Principal, operatorId: number, name: string): Promise<Operator> {
      await transact(within(principal, operatorId), (tx) => renameOperator(tx, operatorId, name.trim()))
      return get(principal, operatorId)
    },
  }
}

/** The same person, in the scope of this operator. */
function within(principal: Principal, operatorId: number): OperatorPrincipal {
  return { ...principal, operatorId }
}

/** Adds an operator in a transaction of its scope. */
export async function addOperator(tx: Tx, operatorId: number, name: string): Promise<void> {
  await eachOnce(operatorId, name, () => operatorStore(tx).insert(operatorId, name))
  await journal(tx).append({ action: 'operator.created', object: objectOf(operatorId, name), after: { name } })
}

/** Renames an operator in a transaction of its scope; the same name changes nothing. 404 where there is none. */
export async function renameOperator(tx: Tx, operatorId: number, name: string): Promise<void> {
  const before = await operatorStore(tx).find(operatorId)
  if (!before) throw notFound('The operator')
  if (before.name === name) return
  await eachOnce(operatorId, name, () => operatorStore(tx).rename(operatorId, name))
  await journal(tx).append({
    action: 'operator.renamed',
    object: objectOf(operatorId, name),
    before: { name: before.name },
    after: { name },
  })
}

/** Numbers and names are there once: the database says so, since this scope sees no other operator. */
async function eachOnce(operatorId: number, name: string, write: () => Promise<void>): Promise<void> {
  try {
    await write()
  } catch (error) {
    const { code, constraint } = error as { code?: string; constraint?: string }
    if (code !== '23505') throw error
    if (constraint === 'operator_name') {
      throw new AppError({
        code: 'operator-name-taken',
        status: 409,
        detail: `There is an operator called "${name}" already: choose another name.`,
        cause: error,
      })
    }
    throw new AppError({
      code: 'operator-exists',
      status: 409,
      detail: `There is an operator ${operatorId} already: leave the number out to get the next free one.`,
      cause: error,
    })
  }
}

function objectOf(operatorId: number, name: string) {
  return { type: 'operator', id: String(operatorId), name }
}
