import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const guid = Type.String({ format: 'uuid' })
const instant = Type.String({ format: 'date-time' })

const trunk = Type.Object(
  {
    id: Type.String(),
    fqdn: Type.String(),
    sbcs: Type.Array(Type.Object({ id: Type.Integer(), name: Type.String() }), {
      description: 'Our devices that carry it, by its name',
    }),
  },
  { $id: 'Trunk' },
)

/** A calling profile as Microsoft has it, with our SBCs. Source: microsoft.md A.5; issue 7, 3. */
export const callingProfile = Type.Object(
  {
    id: Type.String({ description: "Microsoft's" }),
    name: Type.String(),
    carrier: nullable(Type.String()),
    region: nullable(Type.String()),
    environment: nullable(Type.String()),
    offerTypes: Type.Array(Type.Object({ name: Type.String(), testNumbers: Type.Array(Type.String()) })),
    emergencyDialStrings: Type.Array(Type.String()),
    isEmergencyProfile: Type.Boolean(),
    emergencyProfileId: nullable(Type.String()),
    trunks: Type.Array(trunk),
    warnings: Type.Array(
      Type.Object({
        code: Type.Enum(['no-trunk', 'single-trunk', 'trunk-without-sbc', 'no-emergency-profile', 'removed']),
        detail: Type.String(),
      }),
    ),
    firstSeenAt: instant,
    changedAt: instant,
    removedAt: nullable(
      Type.String({ format: 'date-time', description: 'Since when Microsoft does not list it any more' }),
    ),
  },
  { $id: 'CallingProfile' },
)
export type WireCallingProfile = Type.Static<typeof callingProfile>

const example: WireCallingProfile = {
  id: '6f6f0f4d-6a0d-4f0e-8a35-3a1f6a9b7c01',
  name: 'Northwind-CommsGw',
  carrier: 'Northwind Voice',
  region: 'NOAM',
  environment: 'Production',
  offerTypes: [{ name: 'Calling', testNumbers: ['+14255550100'] }],
  emergencyDialStrings: ['911', '933'],
  isEmergencyProfile: false,
  emergencyProfileId: '6f6f0f4d-6a0d-4f0e-8a35-3a1f6a9b7c02',
  trunks: [
    {
      id: '0a4f0c6e-14ad-4c54-8f21-2f4c3f7b5e10',
      fqdn: 'sbc1.northwind.example',
      sbcs: [{ id: 1, name: 'Seattle 1' }],
    },
    { id: '0a4f0c6e-14ad-4c54-8f21-2f4c3f7b5e11', fqdn: 'sbc2.northwind.example', sbcs: [] },
  ],
  warnings: [{ code: 'trunk-without-sbc', detail: 'No SBC carries the trunk sbc2.northwind.example.' }],
  firstSeenAt: '2026-11-22T08:00:00.000Z',
  changedAt: '2026-11-22T08:00:00.000Z',
  removedAt: null,
}

const seeing = { permission: 'sbcs.read', operatorOnly: true } as const
const own = { ...seeing, tag: 'Calling profiles', source: 'own; issue 7, 3' } as const

export const listCallingProfiles = defineEndpoint({
  ...own,
  operationId: 'listCallingProfiles',
  method: 'GET',
  path: '/api/v4/calling-profiles',
  summary: 'Calling profiles and their trunks, by name',
  description:
    'As `peering.sync-trunks-job` last read them from Microsoft; they are made there and read-only here. `syncedAt` null: never.',
  responses: {
    200: {
      description: 'All of them, those that Microsoft lists no more at the end',
      schema: Type.Object({ data: Type.Array(callingProfile), syncedAt: nullable(instant) }),
      example: { data: [example], syncedAt: '2026-11-22T18:00:00.000Z' },
    },
  },
})

export const getCallingProfile = defineEndpoint({
  ...own,
  operationId: 'getCallingProfile',
  method: 'GET',
  path: '/api/v4/calling-profiles/{callingProfileId}',
  summary: 'One calling profile',
  description: 'By the id that Microsoft gave it.',
  params: Type.Object({ callingProfileId: guid }),
  responses: { 200: { description: 'The profile', schema: callingProfile, example } },
})

const matchingSbc = Type.Object({
  sbcId: Type.Integer(),
  fqdn: Type.String(),
  ipAddress: nullable(Type.String()),
  name: Type.String(),
})

/** As the documented API shows it, misspelt `enviroment` included. Source: rest-api.md 2.9. */
const documentedCallingProfile = Type.Object(
  {
    additionalSbcList: Type.Array(matchingSbc),
    callingProfileId: Type.String(),
    name: Type.String(),
    enviroment: nullable(Type.String()),
    region: nullable(Type.String()),
    carrier: nullable(Type.String()),
    offerTypes: Type.Array(Type.Object({ offerTypeName: Type.String(), testNumbers: Type.Array(Type.String()) })),
    emergencyDialStrings: Type.Array(Type.String()),
    isEmergencyProfile: Type.Boolean(),
    emergencyProfileId: nullable(Type.String()),
    trunksEnrolled: Type.Array(
      Type.Object({ trunkFqdn: Type.String(), trunkId: Type.String(), matchingSbcList: Type.Array(matchingSbc) }),
    ),
    validation: Type.Object({
      Calling: Type.String({ description: 'Validated, or NotValidated while there are warnings' }),
    }),
  },
  { $id: 'DocumentedCallingProfile' },
)
export type WireDocumentedCallingProfile = Type.Static<typeof documentedCallingProfile>

export const listDocumentedCallingProfiles = defineEndpoint({
  ...seeing,
  operationId: 'listDocumentedCallingProfiles',
  method: 'GET',
  path: '/api/v2/oc/callingprofile',
  tag: 'Calling profiles (documented)',
  documented: true,
  summary: 'Calling profiles, as documented',
  description: 'A bare array of those that Microsoft lists, read-only.',
  source: 'rest-api.md P1',
  responses: { 200: { description: 'The profiles', schema: Type.Array(documentedCallingProfile) } },
})
