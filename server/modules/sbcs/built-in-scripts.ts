import type { ScriptPurpose } from '../../../contract/script-templates.ts'
import type { TemplateVariable } from '../../sbc/index.ts'
import { BUILT_IN_TEMPLATE_IDS as ID } from './sbc-work.ts'

/** A template that Leadline brings along; `templateId` never changes, `version` grows with its script. */
export type BuiltInScript = {
  templateId: number
  name: string
  purpose: ScriptPurpose
  description: string
  make: string
  script: string
  variables: TemplateVariable[]
  version: number
}

/** Variables that Leadline gives by itself, for every template. Source: rest-api.md S2; portal.md 4. */
export const GIVEN: readonly TemplateVariable[] = [
  given('ShortName', 'text', 'Short name', 'Of the service'),
  given(
    'ObjectName',
    'text',
    'Name of its objects',
    'On the SBC: the short name, for a further SIP connection with its number, such as contoso.2',
  ),
  { ...given('FullName', 'label', 'Full name', 'Of the service, written with what the device takes'), lengthMax: 60 },
  given('MsTenantId', 'word', 'Microsoft tenant id', 'Of the customer'),
  given('ServiceId', 'word', 'Service id', 'Of the service in Leadline'),
  { ...given('SiteName', 'label', 'SIP connection', 'Name of the SIP connection'), lengthMax: 60 },
  given('OnlinePstnGateway', 'host', "Microsoft's trunk", 'Its FQDN'),
]

const proxySet: TemplateVariable = {
  ...{ name: 'ProxySet', type: 'text', title: 'Proxy set', required: true, default: null, lengthMax: 40 },
  help: 'Name of the proxy set on the side of the customer. It must be on the SBC, unless an address is given below.',
}
const proxyAddress: TemplateVariable = {
  ...{ name: 'ProxyAddress', type: 'host', title: 'Address of the customer', required: false, default: null },
  help: 'Name or IP address with port. Given: a proxy set of that name is made for this customer alone.',
}

/** In the order of the form. Source: issue 7, 2; domain/sbc.md, Objects; rest-api.md S2. */
const IP_GROUP_VARIABLES: TemplateVariable[] = [
  proxySet,
  proxyAddress,
  {
    ...{ name: 'Transport', type: 'choice', title: 'Transport', required: false, default: 'udp' },
    ...{ choices: ['udp', 'tcp', 'tls'], help: 'To the address of the customer' },
  },
  {
    ...{ name: 'TeamsProxySet', type: 'text', title: 'Proxy set of Teams', required: false, default: 'Teams-OC' },
    ...{ lengthMax: 40, help: 'Name of the proxy set that leads to Microsoft' },
  },
  {
    ...{ name: 'CacProfile', type: 'text', title: 'Admission control', required: false, default: null, lengthMax: 40 },
    help: 'Name of a CAC profile, such as "10 sessions". Made where it is not there; empty: no limit.',
  },
  {
    ...{ name: 'CacSessions', type: 'number', title: 'Sessions', required: false, default: '10' },
    ...{ minimum: 1, maximum: 100_000, help: 'At once; for a CAC profile that is not there yet' },
  },
  {
    ...{ name: 'CarrierUserName', type: 'text', title: 'Registration user', required: false, default: null },
    ...{ lengthMax: 60, help: 'Given: the SBC registers on behalf of the customer' },
  },
  {
    ...{ name: 'CarrierUserPassword', type: 'secret', title: 'Registration password', required: false, default: null },
    ...{ lengthMax: 64, help: 'Write-only' },
  },
  {
    ...{ name: 'CarrierHostName', type: 'host', title: 'Registration host', required: false, default: null },
    help: 'Host part of the address of record',
  },
  {
    ...{ name: 'CarrierMainLine', type: 'word', title: 'Main line', required: false, default: null, lengthMax: 60 },
    help: 'User part of the contact',
  },
]

const TAG = 'Trunk={{MsTenantId}}'

export const BUILT_IN_SCRIPTS: readonly BuiltInScript[] = [
  builtIn(ID.tenantOnboarding, 'Shared trunk: nothing to write', 'onboarding', {
    description: 'Customers are told apart by their tenant id on the peering trunk. Nothing is written to the SBC.',
    script: '! Nothing to do: the customer shares the groups of the peering trunk.',
  }),
  builtIn(ID.tenantCleanup, 'Shared trunk: nothing to clean', 'cleanup', {
    description: 'The other end of "Shared trunk: nothing to write".',
    script: '! Nothing to do.',
  }),
  builtIn(ID.ipGroupOnboarding, 'Groups of its own', 'onboarding', {
    version: 2,
    description:
      'Two IP groups for the customer, -c towards him and -t towards Teams, with admission control and registration.',
    variables: IP_GROUP_VARIABLES,
    script: `configure voip
{{#if ProxyAddress}}
 proxy-set new
  proxy-name "{{ProxySet}}"
  activate
  proxy-ip new
   proxy-address "{{ProxyAddress}}"
   transport-type {{Transport}}
   activate
  exit
  activate
 exit
{{/if}}
{{#if CacProfile}}
 ! shared
 sbc cac-profile new
  name "{{CacProfile}}"
  activate
  cac-rule new
   request-type invite
   limit {{CacSessions}}
   activate
  exit
  activate
 exit
{{/if}}
 ip-group new
  name "{{ObjectName}}-c"
  type server
  description "{{FullName}}"
  proxy-set-name "{{ProxySet}}"
{{#if CacProfile}}
  cac-profile "{{CacProfile}}"
{{/if}}
  tags "${TAG}"
  activate
 exit
 ip-group new
  name "{{ObjectName}}-t"
  type server
  description "{{FullName}}"
  proxy-set-name "{{TeamsProxySet}}"
  tags "${TAG}"
  activate
 exit
{{#if CarrierUserName}}
 sip-definition account new
  account-name "{{ObjectName}}"
  served-ip-group-name "{{ObjectName}}-t"
  serving-ip-group-name "{{ObjectName}}-c"
  user-name "{{CarrierUserName}}"
{{#if CarrierUserPassword}}
  password "{{CarrierUserPassword}}"
{{/if}}
{{#if CarrierHostName}}
  host-name "{{CarrierHostName}}"
{{/if}}
{{#if CarrierMainLine}}
  contact-user "{{CarrierMainLine}}"
{{/if}}
  register reg
  activate
 exit
{{/if}}
exit`,
  }),
  builtIn(ID.ipGroupCleanup, 'Groups of its own: clean', 'cleanup', {
    version: 2,
    description: 'Removes what "Groups of its own" has made. A CAC profile stays: others may use it.',
    variables: [{ ...proxySet, required: false }, proxyAddress],
    script: `configure voip
 no sip-definition account "{{ObjectName}}"
 no ip-group "{{ObjectName}}-t"
 no ip-group "{{ObjectName}}-c"
{{#if ProxyAddress}}
 no proxy-set "{{ProxySet}}"
{{/if}}
exit`,
  }),
  builtIn(ID.taggedGroupOnboarding, 'One tagged group', 'onboarding', {
    version: 2,
    description: 'One IP group for the customer at a proxy set that all customers share, tagged with his tenant id.',
    variables: [{ ...proxySet, default: 'Customers' }],
    script: `configure voip
 ip-group new
  name "{{ObjectName}}"
  type server
  description "{{FullName}}"
  proxy-set-name "{{ProxySet}}"
  tags "${TAG}"
  activate
 exit
exit`,
  }),
  builtIn(ID.taggedGroupCleanup, 'One tagged group: clean', 'cleanup', {
    version: 2,
    description: 'Removes what "One tagged group" has made.',
    script: `configure voip
 no ip-group "{{ObjectName}}"
exit`,
  }),
  builtIn(ID.ipGroupBar, 'Groups of its own: bar', 'bar', {
    version: 2,
    description:
      'Marks the group of the customer with Barred=yes. Needs a routing rule of yours that lets only emergency calls of such a group pass.',
    script: `configure voip
 ip-group "{{ObjectName}}-c"
  tags "${TAG};Barred=yes"
  activate
 exit
exit`,
  }),
  builtIn(ID.ipGroupUnbar, 'Groups of its own: unbar', 'unbar', {
    version: 2,
    description: 'Takes the mark Barred=yes away.',
    script: `configure voip
 ip-group "{{ObjectName}}-c"
  tags "${TAG}"
  activate
 exit
exit`,
  }),
  builtIn(ID.numberAdd, 'sbc-add-oc-numbers', 'number-add', {
    description: 'Adds a number to the dial plan, with the short name as its tag.',
    variables: numberVariables(),
    script: `configure voip
 sbc dial-plan "{{DialPlan}}"
  dial-plan-rule new
   name "{{ShortName}}"
   prefix "{{Prefix}}"
   tag "{{ShortName}}"
   activate
  exit
 exit
exit`,
  }),
  builtIn(ID.numberRemove, 'sbc-remove-oc-numbers', 'number-remove', {
    description: 'Removes a number from the dial plan.',
    variables: numberVariables(),
    script: `configure voip
 sbc dial-plan "{{DialPlan}}"
  no dial-plan-rule "{{Prefix}}"
 exit
exit`,
  }),
]

function numberVariables(): TemplateVariable[] {
  return [
    {
      ...{ name: 'DialPlan', type: 'text', title: 'Dial plan', required: false, default: 'OCDialPlan', lengthMax: 40 },
      help: 'Its name on the SBC',
    },
    {
      ...{ name: 'Prefix', type: 'text', title: 'Number', required: true, default: null, lengthMax: 50 },
      help: 'In the syntax of the dial plan: +14255550100# is that number alone',
    },
  ]
}

function given(name: string, type: TemplateVariable['type'], title: string, help: string): TemplateVariable {
  return { name, type, title, help, required: false, default: null }
}

function builtIn(
  templateId: number,
  name: string,
  purpose: ScriptPurpose,
  rest: Pick<BuiltInScript, 'description' | 'script'> & Partial<Pick<BuiltInScript, 'variables' | 'version'>>,
): BuiltInScript {
  return { templateId, name, purpose, make: 'mediant', version: 1, variables: [], ...rest }
}
