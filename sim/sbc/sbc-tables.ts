/** One table of the device, as its command line knows it. */
export interface TableSpec {
  /** `ip-group`, `sbc dial-plan`. */
  words: string
  /** The parameter that names a row; unique in the table. Empty: rows have no name. */
  nameParameter: string
  nameLengthMax: number
  rowsMax: number
  parameters: Readonly<Record<string, ParameterSpec>>
  children: readonly TableSpec[]
}

export interface ParameterSpec {
  lengthMax: number
  /** The table whose row it names. */
  refersTo?: string
  choices?: readonly string[]
  required?: true
}

const text = (lengthMax = 80): ParameterSpec => ({ lengthMax })
const oneOf = (...choices: string[]): ParameterSpec => ({ lengthMax: 40, choices })
const rowOf = (refersTo: string): ParameterSpec => ({ lengthMax: 40, refersTo })

/** The tables that this device has: those a customer of a carrier needs. */
export const TABLES: readonly TableSpec[] = [
  {
    words: 'proxy-set',
    nameParameter: 'proxy-name',
    nameLengthMax: 40,
    rowsMax: 500,
    parameters: {
      'proxy-name': { lengthMax: 40, required: true },
      'proxy-enable-keep-alive': oneOf('disable', 'using-options', 'using-register'),
      'proxy-load-balancing-method': oneOf('disable', 'round-robin', 'random-weights'),
      'sbcipv4-sip-int-name': text(40),
      'tls-context-name': text(40),
    },
    children: [
      {
        words: 'proxy-ip',
        nameParameter: 'proxy-address',
        nameLengthMax: 80,
        rowsMax: 10,
        parameters: {
          'proxy-address': { lengthMax: 80, required: true },
          'transport-type': oneOf('udp', 'tcp', 'tls'),
          priority: text(5),
          weight: text(5),
        },
        children: [],
      },
    ],
  },
  {
    words: 'sbc cac-profile',
    nameParameter: 'name',
    nameLengthMax: 40,
    rowsMax: 500,
    parameters: { name: { lengthMax: 40, required: true } },
    children: [
      {
        words: 'cac-rule',
        nameParameter: '',
        nameLengthMax: 0,
        rowsMax: 8,
        parameters: {
          'request-type': oneOf('all', 'invite', 'subscribe', 'other'),
          'request-direction': oneOf('both', 'inbound', 'outbound'),
          limit: text(6),
          'limit-per-user': text(6),
        },
        children: [],
      },
    ],
  },
  {
    words: 'ip-group',
    nameParameter: 'name',
    nameLengthMax: 40,
    rowsMax: 250,
    parameters: {
      name: { lengthMax: 40, required: true },
      type: oneOf('server', 'user', 'gateway'),
      description: text(100),
      'proxy-set-name': rowOf('proxy-set'),
      'cac-profile': rowOf('sbc cac-profile'),
      'media-realm-name': text(40),
      'ip-profile-name': text(40),
      'sip-group-name': text(100),
      'classify-by-proxy-set': oneOf('enable', 'disable'),
      'local-host-name': text(100),
      username: text(60),
      password: text(64),
      tags: text(70),
    },
    children: [],
  },
  {
    words: 'sip-definition account',
    nameParameter: 'account-name',
    nameLengthMax: 40,
    rowsMax: 625,
    parameters: {
      'account-name': { lengthMax: 40, required: true },
      'served-ip-group-name': rowOf('ip-group'),
      'serving-ip-group-name': rowOf('ip-group'),
      'user-name': text(60),
      password: text(64),
      'host-name': text(100),
      'contact-user': text(60),
      register: oneOf('disable', 'reg', 'reg-ims'),
      'application-type': oneOf('sbc', 'gateway'),
    },
    children: [],
  },
  {
    words: 'sbc dial-plan',
    nameParameter: 'name',
    nameLengthMax: 40,
    rowsMax: 50,
    parameters: { name: { lengthMax: 40, required: true }, 'prefix-case-sensitivity': oneOf('enable', 'disable') },
    children: [
      {
        words: 'dial-plan-rule',
        nameParameter: '',
        nameLengthMax: 0,
        rowsMax: 20_000,
        parameters: {
          name: { lengthMax: 15, required: true },
          prefix: { lengthMax: 50, required: true },
          tag: { lengthMax: 120 },
        },
        children: [],
      },
    ],
  },
]
