import { allPermissions, type Permission } from '../../contract/permissions.ts'
import { readArguments, UsageError } from './arguments.ts'
import { chooseOperator, withInstallation } from './with-installation.ts'

export const summary = 'Manage API clients'

const USAGE = `Usage: leadline client list [--operator ID]
       leadline client create --name NAME [--operator ID] [--permissions a,b] [--channel ID]
       leadline client rotate CLIENT-ID [--operator ID] [--overlap-hours N]
       leadline client revoke CLIENT-ID [--operator ID]

Permissions: ${allPermissions.join(', ')} (default: all of them).
A secret is shown once, when it is made.`

const OPTIONS = {
  operator: { type: 'string' },
  name: { type: 'string' },
  permissions: { type: 'string' },
  channel: { type: 'string' },
  'overlap-hours': { type: 'string' },
} as const

export async function run(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(USAGE)
    return 0
  }
  return withInstallation(USAGE, async ({ context, terminal }) => {
    const { values, positionals } = readArguments(args, OPTIONS, { list: 1, create: 1, rotate: 2, revoke: 2 })
    const [verb, clientId] = positionals
    const principal = await chooseOperator(context, values.operator)
    const { clients } = context.access
    switch (verb) {
      case 'list': {
        for (const client of await clients.list(principal)) {
          const state = client.revokedAt ? 'revoked' : client.channelId === null ? '' : `channel ${client.channelId}`
          const used = client.lastUsedAt?.toISOString() ?? 'never used'
          terminal.say([client.clientId.padEnd(38), client.name.padEnd(24), used.padEnd(26), state].join(' ').trimEnd())
        }
        return 0
      }
      case 'create': {
        if (!values.name) throw new UsageError('Give the client a name: --name NAME.')
        const made = await clients.create(principal, {
          name: values.name,
          permissions: permissionsOf(values.permissions),
          channelId: values.channel === undefined ? null : wholeNumber(values.channel, '--channel'),
        })
        terminal.say(
          `client_id      ${made.client.clientId}\nclient_secret  ${made.clientSecret}\n\nThe secret is not shown again.`,
        )
        return 0
      }
      case 'rotate': {
        const hours = wholeNumber(values['overlap-hours'] ?? '24', '--overlap-hours')
        const made = await clients.rotateSecret(principal, named(clientId), hours)
        terminal.say(
          `client_secret  ${made.clientSecret}\n\nThe old secret works for ${hours} more hours. The new one is not shown again.`,
        )
        return 0
      }
      case 'revoke':
        await clients.revoke(principal, named(clientId))
        terminal.say('Revoked: its tokens are refused from now on.')
        return 0
      default:
        throw new UsageError(verb === undefined ? 'Say what to do.' : `There is no "client ${verb}".`)
    }
  })
}

function named(clientId: string | undefined): string {
  if (clientId) return clientId
  throw new UsageError('Say which client: its id is in leadline client list.')
}

function permissionsOf(text: string | undefined): Permission[] {
  if (text === undefined) return allPermissions
  const words = text.split(',').map((word) => word.trim())
  const unknown = words.filter((word) => !allPermissions.includes(word as Permission))
  if (unknown.length > 0) throw new UsageError(`There is no permission ${unknown.join(', ')}.`)
  return words as Permission[]
}

function wholeNumber(text: string, option: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new UsageError(`${option} needs a whole number, not "${text}".`)
}
