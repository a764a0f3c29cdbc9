/** The two carriers of the sandbox. Ids and secrets are fixed, public and worthless outside the simulator. */

/** App id of Microsoft's first-party application behind Operator Connect (microsoft.md A.1). */
export const PROJECT_SYNERGY_APP_ID = 'eb63d611-525e-4a31-abd7-0cb33f679599'

/** Audience for tokens with which the simulated Entra acts as an outside issuer towards Leadline. */
export const LEADLINE_AUDIENCE = 'api://leadline'

export interface OperatorSeed {
  key: string
  name: string
  operatorId: string
  directoryTenantId: string
  directoryDomain: string
  clientId: string
  clientSecret: string
  tagline: string
  countries: string[]
}

export const OPERATOR_SEEDS: readonly OperatorSeed[] = [
  {
    key: 'northwind',
    name: 'Northwind Voice',
    operatorId: '7a4e58a1-8348-4fa5-8d36-4e19125e4ac3',
    directoryTenantId: '5b0c6f0e-2d3a-4c1b-9a57-61f2c0d7e801',
    directoryDomain: 'northwind.example',
    clientId: 'c3d2a9b4-7e15-4f60-8b2d-0f9a6e41d702',
    clientSecret: 'northwind-sim-secret',
    tagline: 'Business calling in 32 countries, one invoice.',
    countries: 'AE AT AU BE BG BR CA CH CZ DE DK ES FI FR GB GR HU IE IL IN IT JP MX NL NO PL PT RO SE SG US ZA'.split(
      ' ',
    ),
  },
  {
    key: 'fabrikam',
    name: 'Fabrikam Telecom',
    operatorId: '1f8e0c52-94b7-4d3e-a6c1-7b25d9f3e614',
    directoryTenantId: '9e41b7d3-08c6-4a2f-b5de-3c7f10a94b25',
    directoryDomain: 'fabrikam.example',
    clientId: '47f0d8e2-b631-4c95-9ad4-e82c5b7306f1',
    clientSecret: 'fabrikam-sim-secret',
    tagline: 'The network for teams between the North Sea and the Alps.',
    countries: 'AT BE CH CZ DE DK FR GB IE IT LU NL NO PL SE'.split(' '),
  },
]
