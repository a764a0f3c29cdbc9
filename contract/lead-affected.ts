import Type from 'typebox'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** What can be hit when a customer suspends, leaves, or drops a country. Numbers and users join it with their modules. */
const thing = Type.Object({
  kind: Type.String({ description: 'license, service, channel or addresses; more kinds may come' }),
  text: Type.String({ description: 'In words, for people' }),
  count: Type.Integer(),
})

const cause = Type.Union([Type.Literal('suspended'), Type.Literal('removed'), Type.Literal('countries')], {
  description: 'countries: something is kept here for countries that the customer does not consent to',
})

const countries = Type.Array(Type.String(), { description: 'Of cause countries: which; as Microsoft wrote them' })

/** As rows tell it, from what is known of the lead itself. */
export const leadAffected = Type.Object(
  { cause, countries, what: Type.Array(thing, { description: 'Never empty' }) },
  { $id: 'LeadAffected' },
)
export type LeadAffected = Type.Static<typeof leadAffected>

/** As the status tells it, with when it came about. */
export const affectedSince = Type.Object({
  cause,
  countries,
  what: Type.Array(thing, { description: 'Empty: nothing that Leadline knows of' }),
  at: nullable(Type.String({ format: 'date-time', description: 'When it came about, UTC; null: not known' })),
  source: Type.String({ description: 'Where that is known from, in words' }),
})
export type AffectedSince = Type.Static<typeof affectedSince>
