import { type ConnectionChange, connectionChange } from '../../contract/connections.ts'
import type { Context } from '../context.ts'
import type { OperatorPrincipal } from '../kernel/principal.ts'
import { CONNECTION_DEFAULTS, connectionView } from '../modules/operators/index.ts'
import { compileCheck } from '../platform/http/index.ts'
import { readArguments, readNamedFile, UsageError } from './arguments.ts'
import { chooseOperator, terminalPrincipal, withInstallation } from './with-installation.ts'

export const summary = "Manage an operator's connection to Microsoft"

const USAGE = `Usage: leadline connection show [--operator ID]
       leadline connection set --operator ID [--operator-name NAME] [settings]
       leadline connection test [--operator ID]

set creates the operator when --operator-name is given and there is none with this ID, and renames it when there is one;
when the settings are refused it does neither. Settings:
  --ms-operator-id ID     Operator ID as Microsoft's operator portal shows it
  --directory-id ID       directory (tenant) id of the operator's own Entra
  --client-id ID          application (client) id
  --secret-file FILE      file with the client secret; - reads standard input
  --secret-expires DATE   YYYY-MM-DD
  --certificate-file FILE PEM file with a certificate and its private key, in place of a secret; - reads standard input
  --base-url URL          default https://operatorconnect.microsoft.com/api
  --authority URL         default https://login.microsoftonline.com
  --token-version V       v1.0 or v2.0 (default)
  --resource ID           default: Project Synergy
  --casing WORD           pascal (default) or camel
  --consents-path PATH    where the API lists consents, below the base URL
  --consent-path PATH     the consent of one tenant, with {tenantId}
  --addresses-path PATH   its civic addresses, with {tenantId}
  --request-timeout MS    how long one answer may take, 1000 to 600000 (default 30000)

The secret goes in and never comes out again.`

const OPTIONS = {
  operator: { type: 'string' },
  'operator-name': { type: 'string' },
  'ms-operator-id': { type: 'string' },
  'directory-id': { type: 'string' },
  'client-id': { type: 'string' },
  'secret-file': { type: 'string' },
  'secret-expires': { type: 'string' },
  'certificate-file': { type: 'string' },
  'base-url': { type: 'string' },
  authority: { type: 'string' },
  'token-version': { type: 'string' },
  resource: { type: 'string' },
  casing: { type: 'string' },
  'consents-path': { type: 'string' },
  'consent-path': { type: 'string' },
  'addresses-path': { type: 'string' },
  'request-timeout': { type: 'string' },
} as const

type Values = { [Name in keyof typeof OPTIONS]?: string | undefined }

export async function run(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(USAGE)
    return 0
  }
  return withInstallation(USAGE, async ({ context, terminal }) => {
    const { values, positionals } = readArguments(args, OPTIONS, { show: 1, set: 1, test: 1 })
    const [verb] = positionals
    const { connections } = context
    if (verb === 'set' && values['operator-name'] !== undefined) {
      const { principal, name } = newOperator(values)
      await connections.set(principal, principal.operatorId, await changeOf(values, context, principal), name)
      terminal.say('Stored. Try it: leadline connection test')
      return 0
    }
    const principal = await chooseOperator(context, values.operator)
    switch (verb) {
      case 'show': {
        const shown = connectionView(await connections.get(principal, principal.operatorId))
        for (const [name, value] of Object.entries(shown)) terminal.say(`${name.padEnd(18)} ${asText(value)}`)
        return 0
      }
      case 'set':
        await connections.set(principal, principal.operatorId, await changeOf(values, context, principal))
        terminal.say('Stored. Try it: leadline connection test')
        return 0
      case 'test': {
        const check = await connections.test(principal, principal.operatorId, AbortSignal.timeout(60_000))
        if (check.ok) terminal.say([check.detail, check.remedy].filter((words) => words !== '').join('\n'))
        else terminal.complain(`Fails at the stage "${check.stage}": ${check.detail}`, check.remedy)
        return check.ok ? 0 : 1
      }
      default:
        throw new UsageError(verb === undefined ? 'Say what to do.' : `There is no "connection ${verb}".`)
    }
  })
}

/** The operator that `set` makes or renames together with its connection: both or neither. */
function newOperator(values: Values): { principal: OperatorPrincipal; name: string } {
  const operatorId = Number(values.operator)
  if (!Number.isInteger(operatorId) || operatorId < 1 || operatorId > 2_147_483_647) {
    throw new UsageError('Give the operator a whole number: --operator ID.')
  }
  const name = values['operator-name']?.trim() ?? ''
  if (name === '' || name.length > 200) throw new UsageError('--operator-name is 1 to 200 characters long.')
  return { principal: { ...terminalPrincipal(operatorId), operatorId }, name }
}

/** The option each field comes from. */
const OPTION_OF: { [Field in keyof ConnectionChange]-?: keyof Values } = {
  msOperatorId: 'ms-operator-id',
  directoryId: 'directory-id',
  clientId: 'client-id',
  secret: 'secret-file',
  certificate: 'certificate-file',
  secretExpiresOn: 'secret-expires',
  baseUrl: 'base-url',
  paths: 'consents-path',
  authority: 'authority',
  tokenVersion: 'token-version',
  resource: 'resource',
  casing: 'casing',
  requestTimeoutMs: 'request-timeout',
}
const PATH_OPTIONS = {
  consents: 'consents-path',
  consentByTenant: 'consent-path',
  civicAddresses: 'addresses-path',
} as const
const check = compileCheck(connectionChange, '')

/** What is to change, held to the same rules as over the API: `connectionChange` of contract/connections.ts. */
async function changeOf(values: Values, context: Context, principal: OperatorPrincipal): Promise<ConnectionChange> {
  const change: { [Field in keyof ConnectionChange]: unknown } = {}
  for (const [field, option] of Object.entries(OPTION_OF) as [keyof ConnectionChange, keyof Values][]) {
    const text = values[option]
    if (text === undefined || field === 'paths') continue
    if (field === 'secret' || field === 'certificate') change[field] = readSecret(text)
    else change[field] = field === 'requestTimeoutMs' ? wholeNumber(text) : text
  }
  const paths = await pathsOf(values, context, principal)
  if (paths) change.paths = paths
  if (Object.keys(change).length === 0) throw new UsageError('Say what to set.')
  const errors = check(change)
  if (errors.length > 0) {
    throw new UsageError(errors.map(({ pointer, detail }) => `${optionAt(pointer)}: ${detail}`).join('\n  '))
  }
  return change as ConnectionChange
}

/** One path may be given alone: the others stay as they are. */
async function pathsOf(
  values: Values,
  { connections }: Context,
  principal: OperatorPrincipal,
): Promise<ConnectionChange['paths']> {
  const given = Object.entries(PATH_OPTIONS).flatMap(([name, option]) =>
    values[option] === undefined ? [] : [[name, values[option]]],
  )
  if (given.length === 0) return undefined
  const all = await connections.list(principal)
  const stored = all.find(({ operatorId }) => operatorId === principal.operatorId)?.row?.paths
  return { ...CONNECTION_DEFAULTS.paths, ...stored, ...Object.fromEntries(given) }
}

function optionAt(pointer: string): string {
  const [field = '', path = ''] = pointer.slice(1).split('/')
  const option = PATH_OPTIONS[path as keyof typeof PATH_OPTIONS] ?? OPTION_OF[field as keyof ConnectionChange]
  return `--${option}`
}

/** Left as it was typed where it is none: the check says what is asked for. */
function wholeNumber(text: string): number | string {
  return /^\d{1,9}$/.test(text) ? Number(text) : text
}

function readSecret(file: string): string {
  const secret = readNamedFile(file).trim()
  if (secret === '') throw new UsageError(`There is no secret in ${file}.`)
  return secret
}

function asText(value: unknown): string {
  if (value === null || value === '') return '(not set)'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
