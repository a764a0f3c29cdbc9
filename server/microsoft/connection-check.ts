import { MicrosoftError, type MicrosoftErrorKind } from './microsoft-error.ts'
import type { ConnectionCheck, ConnectionStage, OperatorConnectClient } from './operator-connect-port.ts'
import { readConsent } from './read-consent.ts'

const STAGES: Readonly<Partial<Record<MicrosoftErrorKind, ConnectionStage>>> = {
  'token-refused': 'token',
  'role-missing': 'role',
  forbidden: 'allow-list',
  'not-found': 'path',
  malformed: 'path',
  rejected: 'path',
  paging: 'path',
}

/**
 * Asks for one consent, and for the same tenant by the two paths that take a tenant: a wrong path there would read as
 * "no such consent" for every tenant, and nothing but a tenant that is known to exist can tell the difference.
 */
export async function checkConnection(client: OperatorConnectClient, signal: AbortSignal): Promise<ConnectionCheck> {
  try {
    const page = await client.listConsents({ skip: 0, top: 1 }, { signal })
    const first = readConsent((await page.records())[0]?.value)
    const total = page.totalCount === null ? '' : ` ${page.totalCount} consents are listed.`
    if (!first.ok)
      return {
        stage: 'done',
        ok: true,
        detail: `Microsoft answers.${total} The paths that take a tenant were not tried: no consent could be read.`,
        remedy: '',
      }
    const { tenantId } = first.consent
    if ((await client.consentByTenant(tenantId, { signal })) === null)
      return wrongPath('consentByTenant', 'a consent that is in the list is not found by its tenant')
    await addressesOf(client, tenantId, signal)
    return { stage: 'done', ok: true, detail: `Microsoft answers on all three paths.${total}`, remedy: '' }
  } catch (error) {
    if (error instanceof WrongPath)
      return wrongPath('civicAddresses', 'the addresses of a tenant that is in the list are not found')
    if (!(error instanceof MicrosoftError) || error.kind === 'aborted') throw error
    return { stage: stageOf(error), ok: false, detail: error.detail, remedy: error.remedy }
  }
}

class WrongPath extends Error {}

async function addressesOf(client: OperatorConnectClient, tenantId: string, signal: AbortSignal): Promise<void> {
  try {
    await client.civicAddresses(tenantId, { signal })
  } catch (error) {
    if (error instanceof MicrosoftError && error.kind === 'not-found')
      throw new WrongPath('civicAddresses', { cause: error })
    throw error
  }
}

function wrongPath(name: string, finding: string): ConnectionCheck {
  return {
    stage: 'path',
    ok: false,
    detail: `The list of consents answers, but ${finding}.`,
    remedy: `Check paths.${name} of the connection.`,
  }
}

/** Whatever the sign-in service does wrong is a matter of the token, even when it cannot be reached. */
function stageOf(error: MicrosoftError): ConnectionStage {
  if (error.operation === 'token') return 'token'
  return STAGES[error.kind] ?? 'reach'
}
