import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const instant = (description: string) => Type.String({ format: 'date-time', description })

/** Weeks that Home looks back, the present one included. */
export const HOME_WEEKS = 12
/** Countries that are told one by one. */
export const HOME_COUNTRIES = 8
/** Failed tasks older than this wait for nobody any more. */
export const FAILED_TASK_DAYS = 7
/** Events that were given up earlier are told in the log of their webhook only. */
export const DEAD_EVENT_DAYS = 7

/** What may wait for somebody, with what is counted. */
export const waitingKinds = {
  'leads-without-channel':
    'Active leads without a license that were given to no channel; only where there are channels',
  'leads-not-active': 'Leads that Microsoft has not activated yet',
  'leads-mine': 'Leads that one sees to oneself; of a person only',
  'leads-overdue': 'Those of them whose due date has passed, and which nobody has judged',
  'leads-overdue-unowned': 'Overdue leads that nobody sees to',
  'leads-owner-left': 'Leads whose owner has left, and which nobody has taken since',
  'scripts-open': 'Scripts that somebody has to apply to an SBC by hand and tick off',
  'tasks-failed': `Tasks of the last ${FAILED_TASK_DAYS} days that failed, in whole or in part, or are stuck`,
} as const
export type WaitingKind = keyof typeof waitingKinds

/** What may be broken, with what it means. */
export const troubleKinds = {
  'not-connected': 'The connection to Microsoft is not set: no lead comes in',
  'job-failing': 'A job has failed the last time, or is failing now',
  'listing-shrank': 'Microsoft lists far fewer leads than there were: nothing is removed until somebody has looked',
  'secret-expiring': 'The secret of the connection to Microsoft ends within 30 days, or has ended',
  'webhook-paused': 'A webhook was paused, because its receiver fails or is gone',
  'webhook-failing': 'The last delivery of a webhook failed; it is tried again',
  'webhook-dead': `Events for a webhook that were given up in the last ${DEAD_EVENT_DAYS} days`,
  'mail-failing': 'The mail server cannot be used as it is set',
  'sbc-failing': 'An SBC device cannot be worked with',
  'sbc-changed': 'Objects of services on an SBC were changed by hand',
  'events-undelivered': 'Events that could not be delivered within Leadline itself',
} as const
export type TroubleKind = keyof typeof troubleKinds

const trouble = Type.Object({
  kind: Type.Enum(Object.keys(troubleKinds) as TroubleKind[]),
  id: nullable(Type.String({ description: 'The job or the webhook' })),
  name: nullable(Type.String({ description: 'Of the webhook; of the job, what it does' })),
  since: nullable(instant('Since when')),
  detail: nullable(Type.String({ description: 'What went wrong, in words' })),
  remedy: nullable(Type.String({ description: 'What to do' })),
  count: nullable(Type.Integer({ description: 'How many; of a secret, the days that are left' })),
})
export type WireTrouble = Type.Static<typeof trouble>

const cohort = {
  leads: Type.Integer({ description: 'Leads, whatever became of them' }),
  licensed: Type.Integer({ description: 'Those of them that have a license by now' }),
}

export const home = Type.Object(
  {
    leads: Type.Object({ total: Type.Integer(), licensed: Type.Integer() }),
    weeks: Type.Array(
      Type.Object({
        week: Type.String({ format: 'date', description: 'Its Monday, in the time zone that was asked for' }),
        ...cohort,
        given: Type.Integer({ description: 'Those of them, direct leads left out, that were given to a channel' }),
        medianSeconds: nullable(Type.Number({ description: 'From consent to channel, of those given; null: of none' })),
        licenseMedianSeconds: nullable(
          Type.Number({
            description:
              'From consent to license, of those that got one here and have it still, direct leads left out; null: of none',
          }),
        ),
      }),
      { description: `The last ${HOME_WEEKS} weeks by the day of consent, the oldest first` },
    ),
    medianSeconds: nullable(Type.Number({ description: 'From consent to channel, of all these weeks' })),
    licenseMedianSeconds: nullable(Type.Number({ description: 'From consent to license, of all these weeks' })),
    countries: Type.Array(Type.Object({ country: Type.String(), ...cohort }), {
      description: `Of the same leads, the ${HOME_COUNTRIES} commonest; a lead counts in each of its countries`,
    }),
    otherCountries: Type.Integer({ description: 'How many more countries there are' }),
    waiting: Type.Array(
      Type.Object({ kind: Type.Enum(Object.keys(waitingKinds) as WaitingKind[]), count: Type.Integer() }),
      { description: 'What one may see and do something about; 0 is told as well' },
    ),
    broken: Type.Array(trouble, { description: 'As far as one may see it; empty: all is well' }),
    syncedAt: nullable(instant('When leads were last fetched from Microsoft; null: never, or not for one to see')),
  },
  { $id: 'Home' },
)
export type WireHome = Type.Static<typeof home>

const example: WireHome = {
  leads: { total: 1204, licensed: 318 },
  weeks: [
    { week: '2026-11-09', leads: 41, licensed: 6, given: 30, medianSeconds: 7200, licenseMedianSeconds: 302_400 },
    { week: '2026-11-16', leads: 17, licensed: 0, given: 9, medianSeconds: 5400, licenseMedianSeconds: null },
  ],
  medianSeconds: 6900,
  licenseMedianSeconds: 302_400,
  countries: [
    { country: 'GB', leads: 31, licensed: 4 },
    { country: 'DE', leads: 22, licensed: 2 },
  ],
  otherCountries: 0,
  waiting: [
    { kind: 'leads-without-channel', count: 12 },
    { kind: 'leads-not-active', count: 3 },
    { kind: 'leads-mine', count: 5 },
    { kind: 'leads-overdue', count: 1 },
    { kind: 'leads-overdue-unowned', count: 0 },
    { kind: 'leads-owner-left', count: 2 },
    { kind: 'scripts-open', count: 0 },
    { kind: 'tasks-failed', count: 0 },
  ],
  broken: [
    {
      kind: 'job-failing',
      id: 'peering.sync-leads-job',
      name: 'Brings leads from Microsoft',
      since: '2026-11-22T08:15:30.000Z',
      detail: 'Entra refuses the client secret: it has expired.',
      remedy: 'Make a new secret in the app registration and enter it in the connection.',
      count: null,
    },
  ],
  syncedAt: '2026-11-22T08:00:00.000Z',
}

export const getHome = defineEndpoint({
  operationId: 'getHome',
  method: 'GET',
  path: '/api/v4/home',
  tag: 'Home',
  source: 'own; issue 6, 5',
  permission: 'leads.read',
  summary: 'What came in, what waits, what is broken, and how fast leads are dealt with',
  description:
    'Counts over all leads that one may see, and the state of what brings and tells them. Ask with If-None-Match: while nothing has ' +
    'changed the answer is 304.',
  query: Type.Object({
    timeZone: Type.Optional(
      Type.String({
        maxLength: 64,
        description: 'Where weeks begin at midnight, such as Europe/Berlin; UTC when left out',
      }),
    ),
  }),
  responses: {
    200: { description: 'The four answers', schema: home, example },
    304: { description: 'Nothing changed since the ETag sent as If-None-Match', schema: null },
  },
})
