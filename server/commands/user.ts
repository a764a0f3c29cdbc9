import { allLevels, invitableTiers } from '../../contract/roles.ts'
import type { Context } from '../context.ts'
import { newId } from '../kernel/ids.ts'
import type { Principal } from '../kernel/principal.ts'
import { operatorNames } from '../modules/operators/index.ts'
import type { SeenUser } from '../modules/people/index.ts'
import { readArguments, UsageError } from './arguments.ts'
import { chooseOperator, terminalPrincipal, withInstallation } from './with-installation.ts'

export const summary = 'Invite people, suspend them, give them a new password'

const USAGE = `Usage: leadline user list
       leadline user invite --email ADDRESS --tier TIER --level LEVEL [--name NAME] [--operator ID] [--channel ID]
                            [--tenant ID]
       leadline user invite --first
       leadline user suspend ADDRESS
       leadline user resume ADDRESS
       leadline user reset-password ADDRESS [--second-factor]

Tiers: ${invitableTiers.join(', ')}. Levels: ${allLevels.join(', ')}. docs/permissions.md says what each may do.
--tenant is the customer's Microsoft tenant id, for the customer tier.
invite --first makes the link for the first administrator, as the first start does; it works while there is none.
--second-factor also turns the second factor off, for who lost the phone. A link is shown once, and works once.`

const OPTIONS = {
  email: { type: 'string' },
  name: { type: 'string' },
  tier: { type: 'string' },
  level: { type: 'string' },
  operator: { type: 'string' },
  channel: { type: 'string' },
  tenant: { type: 'string' },
  first: { type: 'boolean' },
  'second-factor': { type: 'boolean' },
} as const
const WORDS = { list: 1, invite: 1, suspend: 2, resume: 2, 'reset-password': 2 }

type Options = ReturnType<typeof readArguments<typeof OPTIONS>>['values']

export async function run(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(USAGE)
    return 0
  }
  return withInstallation(USAGE, async ({ context, terminal }) => {
    const { values, positionals } = readArguments(args, OPTIONS, WORDS)
    const [verb, address] = positionals
    const { users } = context.people
    switch (verb) {
      case 'list':
        for (const line of await listLines(context)) terminal.say(line)
        return 0
      case 'invite':
        terminal.say(values.first ? await inviteFirst(context) : await invite(context, values))
        return 0
      case 'suspend':
      case 'resume': {
        const { principal, user } = await find(context, address)
        await users[verb](principal, user.person.personId)
        terminal.say(verb === 'suspend' ? 'Suspended: all sessions have ended.' : 'May sign in again.')
        return 0
      }
      case 'reset-password': {
        const { principal, user } = await find(context, address)
        const { link, expiresAt } = await users.reset(principal, user.person.personId, values['second-factor'] ?? false)
        terminal.say(
          `${link}\n\nThe old password and all sessions have ended. The link works once, until ${expiresAt.toISOString()}.`,
        )
        return 0
      }
      default:
        throw new UsageError(verb === undefined ? 'Say what to do.' : `There is no "user ${verb}".`)
    }
  })
}

async function inviteFirst(context: Context): Promise<string> {
  const link = await context.people.invitations.inviteFirstAdministrator()
  if (link) return `${link}\n\nWhoever opens it first becomes the administrator. It replaces older links of this kind.`
  throw new UsageError('There is an administrator of the platform tier already: invite with --email.')
}

async function invite(
  context: Context,
  { email, name, tier, level, operator, channel, tenant }: Options,
): Promise<string> {
  if (!email) throw new UsageError('Say whom: --email ADDRESS.')
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new UsageError(`"${email}" is no mail address.`)
  const asked = { tier: oneOf(invitableTiers, tier, '--tier'), level: oneOf(allLevels, level, '--level') }
  const principal = asked.tier === 'platform' ? terminalPrincipal(null) : await chooseOperator(context, operator)
  const { invitation, link } = await context.people.invitations.invite(principal, {
    ...asked,
    email,
    name: name ?? email,
    channelId: channel === undefined ? null : wholeNumber(channel, '--channel'),
    tenantId: tenant ?? null,
  })
  return `${link}\n\nHand it to ${email}. It works once, until ${invitation.expiresAt.toISOString()}, and is not shown again.`
}

type Found = { principal: Principal; user: SeenUser }

/** Everybody, each with the scope in which he is changed: the platform tier first, then operator by operator. */
async function everybody(context: Context): Promise<Found[]> {
  const operators = await operatorNames(context.transact)
  const scopes = [terminalPrincipal(null), ...operators.map(({ operatorId }) => terminalPrincipal(operatorId))]
  const found: Found[] = []
  const requestId = newId()
  for (const scope of scopes) {
    const principal = { ...scope, requestId }
    for (const user of await context.people.users.list(principal)) {
      const isOfScope = user.membership.operatorId === principal.operatorId
      if (isOfScope) found.push({ principal, user })
    }
  }
  return found
}

async function find(context: Context, address: string | undefined): Promise<Found> {
  if (address === undefined) throw new UsageError('Say whose account: the mail address.')
  const wanted = address.trim().toLowerCase()
  const found = (await everybody(context)).find(({ user }) => user.person.email.toLowerCase() === wanted)
  if (found) return found
  throw new UsageError(`Nobody has the address ${address}: leadline user list shows everybody.`)
}

async function listLines(context: Context): Promise<string[]> {
  const found = await everybody(context)
  if (found.length === 0)
    return ['There is nobody yet: leadline user invite --first makes the link for the first administrator.']
  return found.map(({ user: { person, membership } }) => {
    const { tier, level, operatorName, channelName, tenantId } = membership
    const where = [operatorName ?? 'every operator', channelName, tenantId].filter((part) => part !== null).join(', ')
    const state = person.state === 'suspended' ? 'suspended' : (person.lastSignInAt?.toISOString() ?? 'never signed in')
    const role = `${tier} tier, ${level === 'operator' ? 'operator level' : level}`
    return [person.email.padEnd(34), person.name.padEnd(20), role.padEnd(30), where.padEnd(32), state].join(' ')
  })
}

function oneOf<const Word extends string>(words: readonly Word[], given: string | undefined, option: string): Word {
  const word = words.find((candidate) => candidate === given)
  if (word) return word
  throw new UsageError(`${option} needs one of ${words.join(', ')}${given === undefined ? '' : `, not "${given}"`}.`)
}

function wholeNumber(text: string, option: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new UsageError(`${option} needs a whole number, not "${text}".`)
}
