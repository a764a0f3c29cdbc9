import type { Tx } from '../../platform/db/transaction.ts'
import type { Sealer } from '../../platform/secrets/index.ts'
import { foldVariable } from '../../sbc/index.ts'
import { type NewConnection, sipConnectionStore } from '../services/index.ts'

/** What of a SIP connection is a secret. `variables`: those that one of its templates declares so, by name. */
export type SipSecrets = { password: string | null; variables: Record<string, string> }

/**
 * Passwords with which customers register, and secret variables of their scripts: write-only, sealed to their connection.
 * Source: issue 7, 2.
 */
export function createSipPasswords(sealer: Sealer) {
  const place = (operatorId: number, connectionId: string, column: 'password_sealed' | 'variables_sealed') => ({
    table: 'sip_secret',
    row: `${operatorId}/${connectionId}`,
    column,
  })

  /** For the device only. */
  async function open(tx: Tx, connectionId: string): Promise<SipSecrets> {
    const { password, variables } = await sipConnectionStore(tx).secretsOf(connectionId)
    const read = (sealed: string, column: Parameters<typeof place>[2]) =>
      sealer.open(sealed, place(tx.operatorId, connectionId, column))
    return {
      password: password === null ? null : read(password, 'password_sealed'),
      variables: variables === null ? {} : JSON.parse(read(variables, 'variables_sealed')),
    }
  }

  return {
    open,

    /** What is not given stays; an empty variable takes away the one that was kept. */
    async keep(tx: Tx, connectionId: string, channelId: number | null, given: SipSecrets): Promise<void> {
      if (!given.password && Object.keys(given.variables).length === 0) return
      const before = await open(tx, connectionId)
      const password = given.password || before.password
      const variables = mergeVariables(before.variables, given.variables)
      const seal = (value: string, column: Parameters<typeof place>[2]) =>
        sealer.seal(value, place(tx.operatorId, connectionId, column))
      await sipConnectionStore(tx).setSecrets(connectionId, channelId, {
        password: password === null ? null : seal(password, 'password_sealed'),
        variables: Object.keys(variables).length === 0 ? null : seal(JSON.stringify(variables), 'variables_sealed'),
      })
    },
  }
}

export type SipPasswords = ReturnType<typeof createSipPasswords>

/** Names of the variables that one of these templates calls secret, folded. */
export type SecretsOf = (operatorId: number, templateIds: readonly (number | null)[]) => Promise<ReadonlySet<string>>

/** The scripts of a SIP connection: what one of them calls a secret is none the less one in the others. */
export function scriptsOf(connection: Pick<NewConnection, (typeof SCRIPTS)[number]>): (number | null)[] {
  return SCRIPTS.map((field) => connection[field])
}

const SCRIPTS = ['onboardingScript', 'cleanupScript', 'addNumbersScript', 'removeNumbersScript'] as const

/** Further variables, apart: what may be written down, and what is sealed. `secret`: names, folded. Pure. */
export function splitVariables(
  variables: Readonly<Record<string, string>>,
  secret: ReadonlySet<string>,
): { plain: Record<string, string>; sealed: Record<string, string> } {
  const isSecret = ([name]: [string, string]) => secret.has(foldVariable(name))
  const all = Object.entries(variables)
  return {
    plain: Object.fromEntries(all.filter((entry) => !isSecret(entry))),
    sealed: Object.fromEntries(all.filter(isSecret)),
  }
}

/** As its scripts need it. The answer is for rendering only: nothing of it is ever written down. */
export function withSecrets<C extends { variables: Record<string, string> }>(connection: C, secrets: SipSecrets): C {
  return { ...connection, variables: { ...connection.variables, ...secrets.variables } }
}

function mergeVariables(before: Record<string, string>, given: Record<string, string>): Record<string, string> {
  const renewed = new Set(Object.keys(given).map(foldVariable))
  const kept = Object.entries(before).filter(([name]) => !renewed.has(foldVariable(name)))
  return Object.fromEntries([...kept, ...Object.entries(given).filter(([, value]) => value !== '')])
}
