import type { InstallationKind } from '../data-directory.ts'
import { mailboxPortOf } from '../mailbox-port.ts'

export type WelcomeFacts = {
  kind: InstallationKind
  /** Without a slash at the end. */
  publicUrl: string
  /** `null` in a production. */
  simulatorUrl: string | null
  dataDirectory: string
  /** In words: "built-in PostgreSQL 18", or the host of the configured one. */
  database: string
  startedInSeconds: number
  /** Link by which the first administrator of a production comes in; `null` once there is one. */
  firstAdministrator: string | null
}

/** The block that ends a start: where to go, as whom, and what to try. */
export function welcome(facts: WelcomeFacts): string {
  const body =
    facts.kind === 'sandbox' && facts.simulatorUrl ? sandboxBody(facts, facts.simulatorUrl) : productionBody(facts)
  return `
Leadline is ready (${facts.kind}, ${facts.startedInSeconds.toFixed(1)} s). Ctrl-C stops it.

${body}
  Data       ${facts.dataDirectory} (logs in logs/), ${facts.database}
`
}

function addresses({ publicUrl }: WelcomeFacts): string {
  return `  Portal     ${publicUrl}
  API        ${publicUrl}/api/v2/oc/lead
  API docs   ${publicUrl}/docs`
}

/** People of the sandbox. Source: design/decisions.md. */
function sandboxLogins(): string {
  return `  Sign-in    administrator@, operator@ or monitor@ northwind.example, fabrikam.example, riverside.example;
             platform@leadline.example; password leadline-sandbox`
}

function sandboxBody(facts: WelcomeFacts, simulatorUrl: string): string {
  const { publicUrl } = facts
  return `${addresses(facts)}
  Microsoft  ${simulatorUrl}  (simulated: play the customer in the Teams admin center)
  Mailbox    ${simulatorUrl}/#mailbox  (all mail of the sandbox comes here, by SMTP on port ${mailboxPortOf(simulatorUrl)})
  SBCs       ${simulatorUrl}/#sbcs  (two devices of the carrier: what they hold, and trouble to make)
${sandboxLogins()}
  API client northwind-api / northwind-sandbox-secret

Three things to try
  1. Get a token:
     TOKEN=$(curl -s ${publicUrl}/oauth2/v2.0/token -d grant_type=client_credentials -d client_id=northwind-api \\
       -d client_secret=northwind-sandbox-secret -d scope=api://leadline/.default | sed 's/.*"access_token":"\\([^"]*\\).*/\\1/')
  2. Read the leads that a background job has just fetched from Microsoft:
     curl -s -H "Authorization: Bearer $TOKEN" "${publicUrl}/api/v2/oc/lead?PageSize=3"
  3. Open ${simulatorUrl}, consent to Northwind Voice as a customer, and within 15 s see the new lead in the portal, or by:
     curl -s -H "Authorization: Bearer $TOKEN" "${publicUrl}/api/v2/oc/lead?sort=-consentedOn&PageSize=1"
`
}

function productionBody(facts: WelcomeFacts): string {
  const { firstAdministrator } = facts
  const invitation = firstAdministrator
    ? `\n  First administrator: open this link, it works once\n    ${firstAdministrator}\n`
    : ''
  return `${addresses(facts)}
${invitation}
Next
  1. Connect an operator to Microsoft:  bin/leadline connection --help
  2. Make an API client:                bin/leadline client --help
  3. Check this installation:           bin/leadline doctor
`
}
