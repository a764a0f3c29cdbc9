import type { ConnectionChange, SecretExpiry } from '../../../contract/connections.ts'
import type { Clock } from '../../kernel/clock.ts'
import { badRequest, notFound } from '../../kernel/errors.ts'
import { installationPrincipal, type Principal } from '../../kernel/principal.ts'
import {
  type ConnectionCheck,
  certificateFacts,
  checkSettings,
  createOperatorConnectClient,
  DEFAULT_PATHS,
  type OperatorConnectSettings,
  PROJECT_SYNERGY_APP_ID,
  readClientCertificate,
} from '../../microsoft/index.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import type { Sealer } from '../../platform/secrets/index.ts'
import { journal } from '../audit/index.ts'
import { type ConnectionRow, connectionStore } from './connection.store.ts'
import { addOperator, renameOperator } from './operator.service.ts'
import { operatorStore } from './operator.store.ts'
import { expiryWarning, secretExpiry } from './secret-expiry.rules.ts'

/** A connection as it may be shown, with the operator it belongs to. */
export type ShownConnection = {
  operatorId: number
  operatorName: string
  row: ConnectionRow | null
  secretExpiry: SecretExpiry
}

/** What a test of a connection found, with how long its secret is still good. */
export type CheckedConnection = ConnectionCheck & { secretExpiry: SecretExpiry }

export type ConnectionService = ReturnType<typeof createConnectionService>

const TEST_TIMEOUT_MS = 30_000

/** Documented defaults, where Microsoft's own cloud is meant. Source: microsoft.md A.2, A.3. */
export const CONNECTION_DEFAULTS = {
  base_url: 'https://operatorconnect.microsoft.com/api',
  paths: DEFAULT_PATHS,
  casing: 'pascal',
  authority: 'https://login.microsoftonline.com',
  token_version: 'v2.0',
  resource: PROJECT_SYNERGY_APP_ID,
  request_timeout_ms: 30_000,
} as const

/** Connections of operators to Microsoft. The secret goes in and never comes out again. */
export function createConnectionService({
  transact,
  sealer,
  clock,
}: {
  transact: Transact
  sealer: Sealer
  clock: Clock
}) {
  async function show(tx: Tx, operatorId: number): Promise<ShownConnection> {
    const operator = (await operatorStore(tx).list()).find((one) => one.operatorId === operatorId)
    if (!operator) throw notFound('The operator')
    const row = await connectionStore(tx).find(operatorId)
    return { operatorId, operatorName: operator.name, row, secretExpiry: expiryOf(row) }
  }

  const expiryOf = (row: ConnectionRow | null) => secretExpiry(row?.secret_expires_on ?? null, clock.now())

  function settingsOf(operatorId: number, row: ConnectionRow): OperatorConnectSettings {
    return {
      baseUrl: row.base_url,
      paths: row.paths,
      casing: row.casing,
      authority: row.authority,
      directoryId: row.directory_id,
      clientId: row.client_id,
      secret: sealer.open(row.sealed_secret, cellOf(operatorId)),
      certificate: row.certificate,
      tokenVersion: row.token_version,
      resource: row.resource,
      requestTimeoutMs: row.request_timeout_ms,
    }
  }

  return {
    list: (principal: Principal) =>
      transact(principal, async (tx) => {
        const operators = await operatorStore(tx).list()
        const shown: ShownConnection[] = []
        for (const operator of operators) shown.push(await show(tx, operator.operatorId))
        return shown
      }),

    get: (principal: Principal, operatorId: number) => transact(principal, (tx) => show(tx, operatorId)),

    /** With `operatorName` the operator is made or renamed in the same transaction: refused settings leave neither. */
    set: (principal: Principal, operatorId: number, change: ConnectionChange, operatorName?: string) =>
      transact(principal, async (tx) => {
        if (operatorName !== undefined) await nameOperator(tx, operatorId, operatorName.trim())
        const before = await show(tx, operatorId)
        const row = changed(before.row, change, (secret) => sealer.seal(secret, cellOf(operatorId)))
        const problems = checkSettings(settingsOf(operatorId, { ...row, version: 0, updated_at: new Date(0) }))
        if (problems.length > 0) {
          throw badRequest(problems.map(({ field, detail }) => ({ pointer: `/${field.replace('.', '/')}`, detail })))
        }
        await connectionStore(tx).save(operatorId, row)
        await journal(tx).append({
          action: 'connection.changed',
          object: { type: 'connection', id: String(operatorId), name: before.operatorName },
          before: before.row && shownRow(before.row),
          after: { ...shownRow(row), secretChanged: before.row?.sealed_secret !== row.sealed_secret },
        })
        return show(tx, operatorId)
      }),

    async test(principal: Principal, operatorId: number, signal: AbortSignal): Promise<CheckedConnection> {
      const { row, secretExpiry: expiry } = await transact(principal, (tx) => show(tx, operatorId))
      if (!row) {
        const remedy = 'Fill in the connection first.'
        return { ok: false, stage: 'token', detail: 'No connection is set.', remedy, secretExpiry: expiry }
      }
      const client = createOperatorConnectClient(settingsOf(operatorId, row))
      try {
        const limit = AbortSignal.any([signal, AbortSignal.timeout(TEST_TIMEOUT_MS)])
        return warned(await client.testConnection({ signal: limit }), expiry)
      } finally {
        await client.close()
      }
    },

    /** For background work: settings with the secret opened; null when nothing is set. */
    async openSettings(operatorId: number): Promise<{ version: number; settings: OperatorConnectSettings } | null> {
      const background = installationPrincipal('connections', 'open-settings')
      const row = await transact(background, (tx) => connectionStore(tx).find(operatorId))
      return row ? { version: row.version, settings: settingsOf(operatorId, row) } : null
    },

    anyConfigured: () => transact(installationPrincipal('connections', 'any'), (tx) => connectionStore(tx).any()),
  }
}

/** A connection that works may stop working soon: the test says so. */
function warned(check: ConnectionCheck, expiry: SecretExpiry): CheckedConnection {
  const warning = check.ok ? expiryWarning(expiry) : null
  if (!warning) return { ...check, secretExpiry: expiry }
  return { ...check, detail: `${check.detail} ${warning.detail}`, remedy: warning.remedy, secretExpiry: expiry }
}

async function nameOperator(tx: Tx, operatorId: number, name: string): Promise<void> {
  const isKnown = (await operatorStore(tx).find(operatorId)) !== undefined
  await (isKnown ? renameOperator : addOperator)(tx, operatorId, name)
}

/** A row as the journal may hold it: of a certificate what tells it from others, of a secret nothing. */
function shownRow({ sealed_secret: _sealed, certificate, ...row }: Omit<ConnectionRow, 'version' | 'updated_at'>) {
  return { ...row, certificate: certificate && certificateFacts(certificate).thumbprint }
}

function cellOf(operatorId: number): { table: string; row: string; column: string } {
  return { table: 'connection', row: String(operatorId), column: 'sealed_secret' }
}

function changed(
  row: ConnectionRow | null,
  change: ConnectionChange,
  seal: (secret: string) => string,
): Omit<ConnectionRow, 'version' | 'updated_at'> {
  const base = row ?? CONNECTION_DEFAULTS
  const clean = (text: string | undefined, otherwise: string) => text?.trim() ?? otherwise
  const credential = credentialOf(change)
  const isNew = credential !== undefined || row === null
  return {
    ms_operator_id:
      change.msOperatorId === undefined ? (row?.ms_operator_id ?? null) : (change.msOperatorId?.trim() ?? null),
    base_url: clean(change.baseUrl, base.base_url),
    paths: change.paths ?? base.paths,
    casing: change.casing ?? base.casing,
    authority: clean(change.authority, base.authority),
    directory_id: clean(change.directoryId, row?.directory_id ?? ''),
    client_id: clean(change.clientId, row?.client_id ?? ''),
    sealed_secret: credential === undefined ? (row?.sealed_secret ?? seal('')) : seal(credential.secret),
    certificate: credential === undefined ? (row?.certificate ?? null) : credential.certificate,
    // A new secret ends on another day than the one before it; a certificate says itself when.
    secret_expires_on:
      credential?.expiresOn ??
      change.secretExpiresOn ??
      (isNew || change.secretExpiresOn === null ? null : row.secret_expires_on),
    // For a secret, or a date, that is not the one that was warned of, warnings begin anew.
    expiry_told: isNew || change.secretExpiresOn !== undefined ? null : row.expiry_told,
    token_version: change.tokenVersion ?? base.token_version,
    resource: clean(change.resource, base.resource),
    request_timeout_ms: change.requestTimeoutMs ?? base.request_timeout_ms,
  }
}

/** The secret or certificate that a change brings; undefined: it brings none, and what is stored stays. */
function credentialOf(
  change: ConnectionChange,
): { secret: string; certificate: string | null; expiresOn: string | null } | undefined {
  if (change.certificate === undefined) {
    if (change.secret === undefined) return undefined
    return { secret: change.secret.trim(), certificate: null, expiresOn: null }
  }
  const refuse = (detail: string) => badRequest([{ pointer: '/certificate', detail }])
  if (change.secret !== undefined) throw refuse('Give a secret or a certificate, not both.')
  const read = readClientCertificate(change.certificate)
  if (typeof read === 'string') throw refuse(read)
  return {
    secret: read.privateKey,
    certificate: read.certificate,
    expiresOn: certificateFacts(read.certificate).expiresOn,
  }
}
