import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { ConnectionChange } from '../../contract/connections.ts'
import type { OperatorPrincipal } from '../kernel/principal.ts'
import { connectionView } from '../modules/operators/index.ts'
import { chooseOperator, terminalPrincipal, UsageError, withInstallation } from './with-installation.ts'

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
} as const

type Values = { [Name in keyof typeof OPTIONS]?: string | undefined }

export async function run(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(USAGE)
    return 0
  }
  return withInstallation(USAGE, async ({ context, terminal }) => {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: OPTIONS })
    const [verb] = positionals
    const { connections } = context
    if (verb === 'set' && values['operator-name'] !== undefined) {
      const { principal, name } = newOperator(values)
      await connections.set(principal, principal.operatorId, changeOf(values), name)
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
        await connections.set(principal, principal.operatorId, changeOf(values))
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

function changeOf(values: Values): ConnectionChange {
  const change: Record<string, string | undefined> = {
    msOperatorId: values['ms-operator-id'],
    directoryId: values['directory-id'],
    clientId: values['client-id'],
    secret: values['secret-file'] === undefined ? undefined : readSecret(values['secret-file']),
    certificate: values['certificate-file'] === undefined ? undefined : readSecret(values['certificate-file']),
    secretExpiresOn: values['secret-expires'],
    baseUrl: values['base-url'],
    authority: values.authority,
    tokenVersion: oneOf(values['token-version'], '--token-version', ['v1.0', 'v2.0']),
    resource: values.resource,
    casing: oneOf(values.casing, '--casing', ['pascal', 'camel']),
  }
  const given = Object.entries(change).filter(([, value]) => value !== undefined)
  if (given.length === 0) throw new UsageError('Say what to set.')
  return Object.fromEntries(given) as ConnectionChange
}

function readSecret(file: string): string {
  const secret = readFileSync(file === '-' ? 0 : file, 'utf8').trim()
  if (secret === '') throw new UsageError(`There is no secret in ${file}.`)
  return secret
}

function oneOf(text: string | undefined, option: string, words: string[]): string | undefined {
  if (text === undefined || words.includes(text)) return text
  throw new UsageError(`${option} is one of ${words.join(', ')}.`)
}

function asText(value: unknown): string {
  if (value === null || value === '') return '(not set)'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
