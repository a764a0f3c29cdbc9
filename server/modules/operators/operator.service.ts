import { AppError, notFound } from '../../kernel/errors.ts'
import { installationPrincipal, type OperatorPrincipal, type Principal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { journal } from '../audit/index.ts'
import { type Operator, type OperatorSettings, operatorStore } from './operator.store.ts'

export type OperatorService = ReturnType<typeof createOperatorService>

/** What may be changed of an operator. */
export type OperatorChange = { name?: string | undefined } & {
  [K in keyof OperatorSettings]?: OperatorSettings[K] | undefined
}

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

    /** Its name, its settings, or both; what is left out stays. */
    async change(principal: Principal, operatorId: number, change: OperatorChange): Promise<Operator> {
      await transact(within(principal, operatorId), async (tx) => {
        if (change.name !== undefined) await renameOperator(tx, operatorId, change.name.trim())
        await changeSettings(tx, operatorId, change)
      })
      return get(principal, operatorId)
    },

    /** For whoever works for the operator: another one is not there. */
    settings: (principal: OperatorPrincipal, operatorId: number): Promise<OperatorSettings> =>
      transact(principal, (tx) => findOperator(tx, operatorId)),

    changeSettings: (
      principal: OperatorPrincipal,
      operatorId: number,
      change: Omit<OperatorChange, 'name'>,
    ): Promise<OperatorSettings> =>
      transact(principal, async (tx) => {
        await changeSettings(tx, operatorId, change)
        return findOperator(tx, operatorId)
      }),
  }
}

async function findOperator(tx: Tx, operatorId: number): Promise<Operator> {
  const found = await operatorStore(tx).find(operatorId)
  if (!found) throw notFound('The operator')
  return found
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
  const before = await findOperator(tx, operatorId)
  if (before.name === name) return
  await eachOnce(operatorId, name, () => operatorStore(tx).rename(operatorId, name))
  await journal(tx).append({
    action: 'operator.renamed',
    object: objectOf(operatorId, name),
    before: { name: before.name },
    after: { name },
  })
}

/** Changes what the operator decides for itself, in a transaction of its scope; the same again changes nothing. */
async function changeSettings(tx: Tx, operatorId: number, { companyNameInUse }: OperatorChange): Promise<void> {
  const before = await findOperator(tx, operatorId)
  if (companyNameInUse === undefined || companyNameInUse === before.companyNameInUse) return
  await operatorStore(tx).setCompanyNameInUse(operatorId, companyNameInUse)
  await journal(tx).append({
    action: 'operator.settings-changed',
    object: objectOf(operatorId, before.name),
    before: { companyNameInUse: before.companyNameInUse },
    after: { companyNameInUse },
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
