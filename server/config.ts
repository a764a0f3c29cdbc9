import { isIP } from 'node:net'
import {
  addressRange,
  type Check,
  databaseUrl,
  folder,
  hostName,
  integer,
  issuerUrl,
  listOf,
  masterKeys,
  oneOf,
  plainText,
  proxyAddress,
  publicUrl,
  Secret,
  token,
  trueOrFalse,
} from './config-checks.ts'
import { nearestName } from './kernel/nearest-name.ts'

type Variable<Value> = {
  meaning: string
  /** In words where it is no fixed text. */
  default: string
  /** What a value must be, in words. */
  check: string
  read: Check<Value>
  /** The value when the variable is not set. */
  unset: Value
}

/** A variable with a fixed default, read as if it had been given. */
function fixed<Value>(text: string, meaning: string, check: string, read: Check<Value>): Variable<Value> {
  const result = read(text)
  if (!result.ok) throw new Error(`the default ${text} fails its own check: ${result.problem}`)
  return { meaning, default: text, check, read, unset: result.value }
}

/** A variable that may be missing; the words say what holds then. */
function optional<Value>(words: string, meaning: string, check: string, read: Check<Value>): Variable<Value | null> {
  return { meaning, default: words, check, read, unset: null }
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const
const ROLES = ['web', 'worker'] as const
const PORT = integer(1, 65_535)

/** Every variable, in the order of the documentation. Names are fixed by issue 2. */
const VARIABLES = {
  LEADLINE_HTTP_HOST: fixed('127.0.0.1', 'Address the web server listens on', 'IP address or host name', hostName),
  LEADLINE_HTTP_PORT: fixed('8080', 'Port of the web server', '1 to 65535', PORT),
  LEADLINE_PUBLIC_URL: optional(
    'http://<host>:<port>',
    'Address under which people and clients reach Leadline; tokens carry it as their issuer',
    'http or https address without query',
    publicUrl,
  ),
  LEADLINE_TRUSTED_PROXIES: optional(
    'none',
    'Proxies whose X-Forwarded-For header is believed',
    'IP addresses or ranges, or loopback, linklocal, uniquelocal; separated by commas',
    listOf(proxyAddress),
  ),
  LEADLINE_ROLES: fixed(
    'web,worker',
    'What a server process does; the launcher starts one process for each',
    'web, worker, or both separated by a comma',
    listOf(oneOf(ROLES)),
  ),
  LEADLINE_DATA_DIR: optional(
    '.leadline in the checkout; as superuser /var/lib/leadline/<hash of the checkout> where the database cannot reach that',
    'Folder for the built-in database, keys and logs; belongs to a sandbox or to a production, never both',
    'path of a folder',
    folder,
  ),
  DATABASE_URL: optional(
    'the built-in PostgreSQL 18',
    'PostgreSQL 15 or newer to use instead of the built-in one; the login the application works with',
    'postgres:// address with a database',
    databaseUrl,
  ),
  LEADLINE_DATABASE_OWNER_URL: optional(
    'DATABASE_URL',
    'Login that owns the tables and migrates them, where it is another one',
    'postgres:// address with a database',
    databaseUrl,
  ),
  LEADLINE_DATABASE_POOL_SIZE: fixed(
    '10',
    'Database connections for ordinary work, per process',
    '2 to 200',
    integer(2, 200),
  ),
  LEADLINE_DATABASE_STREAM_POOL_SIZE: fixed(
    '8',
    'Database connections for large pages that are streamed, per process',
    '1 to 200',
    integer(1, 200),
  ),
  LEADLINE_DATABASE_STATEMENT_TIMEOUT_SECONDS: fixed(
    '60',
    'The database stops a statement after this; a database that is silent for longer counts as gone. Streamed pages may take as long as their reader',
    '1 to 3600',
    integer(1, 3_600),
  ),
  LEADLINE_MASTER_KEY: optional(
    'a key made at first start in the data directory',
    'Key that seals stored secrets; keep a copy, without it they are lost. Older keys that still open may follow it',
    '32 bytes as base64 or hex; several separated by commas, the newest first',
    masterKeys,
  ),
  LEADLINE_SANDBOX: optional(
    'what the data directory is; true for a new one',
    'Sandbox with simulated Microsoft and sample people (true) or production (false)',
    'true or false',
    trueOrFalse,
  ),
  LEADLINE_SIM_PORT: fixed('8081', 'Port of the simulator in the sandbox', '1 to 65535', PORT),
  LEADLINE_SIM_SEED: optional(
    'chosen by the simulator; an existing sandbox keeps its own',
    'Number from which the simulator makes its data',
    '0 to 4294967295',
    integer(0, 4_294_967_295),
  ),
  LEADLINE_SANDBOX_LEADS: optional(
    '250; an existing sandbox keeps its number',
    'Leads of the first sandbox operator, all told',
    '11 to 1000000',
    integer(11, 1_000_000),
  ),
  LEADLINE_SYNC_INTERVAL_SECONDS: optional(
    '300; 15 in the sandbox',
    'Time between two looks for leads at Microsoft, per operator',
    '5 to 86400',
    integer(5, 86_400),
  ),
  LEADLINE_ADDRESS_CALLS_PER_MINUTE: optional(
    '300; 3000 in the sandbox',
    'Most calls for civic addresses per operator and minute',
    '1 to 60000',
    integer(1, 60_000),
  ),
  LEADLINE_WEBHOOK_DELIVERIES_PER_SECOND: fixed(
    '650',
    'Most webhooks that a worker sends in a second; a burst leaves the pages their processor',
    '1 to 10000',
    integer(1, 10_000),
  ),
  LEADLINE_RATE_LIMIT_PER_MINUTE: fixed(
    '600',
    'Most API requests per client and minute',
    '1 to 1000000',
    integer(1, 1_000_000),
  ),
  LEADLINE_OUTBOUND_ALLOWED_RANGES: optional(
    'none: webhooks and mails go to public addresses only',
    'Private networks to which webhooks may be sent all the same, by plain http too, and in which mail servers may be',
    'IP addresses or ranges separated by commas',
    listOf(addressRange),
  ),
  LEADLINE_SBC_ALLOWED_RANGES: fixed(
    '10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,fc00::/7',
    'Networks, beside public addresses, in which SBC devices may be: by default the private ones, and never this machine itself',
    'IP addresses or ranges separated by commas',
    listOf(addressRange),
  ),
  LEADLINE_TRUSTED_ISSUERS: optional(
    'none',
    'Outside issuers, such as Entra, whose bearer tokens are accepted',
    'https addresses separated by commas',
    listOf(issuerUrl),
  ),
  LEADLINE_TOKEN_AUDIENCE: fixed('api://leadline', 'Audience that a bearer token must carry', 'plain text', plainText),
  LEADLINE_OIDC_ISSUER: optional(
    'none: people sign in with passwords',
    'Identity provider at which people sign in, as its tokens name it in "iss"; for Entra with the directory id',
    'https address',
    issuerUrl,
  ),
  LEADLINE_OIDC_CLIENT_ID: optional('none', 'Application (client) id of Leadline there', 'plain text', plainText),
  LEADLINE_OIDC_CLIENT_SECRET: optional(
    'none',
    'Its secret; the redirect address to register is <public URL>/api/v4/sign-in/openid-connect/callback',
    'at least 8 characters without blanks',
    token(8),
  ),
  LEADLINE_METRICS_TOKEN: optional(
    'none: only callers on this machine, not through a proxy, are answered',
    'Bearer token that /metrics asks for',
    'at least 16 characters without blanks',
    token(16),
  ),
  LEADLINE_WORKER_HTTP_PORT: optional(
    'none: the figures of a worker without the web role are not served',
    'Port on which a worker of its own serves /metrics and /health, beside the web server',
    '1 to 65535',
    PORT,
  ),
  LEADLINE_BACKUP_DIR: optional(
    'backups in the data directory',
    'Folder of the exports that are made on a schedule and before an upgrade',
    'path of a folder',
    folder,
  ),
  LEADLINE_BACKUP_EVERY_HOURS: optional(
    '24 for a production with the built-in database; else none',
    'Time between two backups that `leadline start` makes; 0: it makes none',
    '0 to 8760',
    integer(0, 8_760),
  ),
  LEADLINE_BACKUP_KEEP: fixed('7', 'Backups that are kept, the newest ones', '1 to 1000', integer(1, 1_000)),
  LEADLINE_EXPORT_BEFORE_UPGRADE: fixed(
    'true',
    'Whether everything is exported before a newer version changes the database',
    'true or false',
    trueOrFalse,
  ),
  LEADLINE_LOG_LEVEL: fixed(
    'info',
    'Least important log lines that are written',
    LOG_LEVELS.join(', '),
    oneOf(LOG_LEVELS),
  ),
} satisfies Record<string, Variable<unknown>>

export type VariableName = keyof typeof VARIABLES
type Values = { [Name in VariableName]: (typeof VARIABLES)[Name]['unset'] }

const NAMES = Object.keys(VARIABLES) as VariableName[]

/** Everything that can be set, checked. `null`: not set, and what holds then is decided where it is used. */
export type Config = {
  roles: (typeof ROLES)[number][]
  /** Absolute path. */
  dataDirectory: string | null
  http: { host: string; port: number; publicUrl: string; trustedProxies: string[] }
  database: {
    url: Secret | null
    ownerUrl: Secret | null
    poolSize: number
    streamPoolSize: number
    statementTimeoutSeconds: number
  }
  sandbox: { enabled: boolean | null; simulatorPort: number; seed: number | null; leads: number | null }
  sync: { intervalSeconds: number; addressCallsPerMinute: number }
  webhooks: { deliveriesPerSecond: number }
  limits: { requestsPerMinute: number }
  tokens: { audience: string; trustedIssuers: string[] }
  outbound: { allowedRanges: string[] }
  sbcs: { allowedRanges: string[] }
  /** Sign-in of people through OpenID Connect. */
  openId: { issuer: string; clientId: string; clientSecret: Secret } | null
  metrics: { token: Secret | null; workerPort: number | null }
  backups: {
    /** Absolute path; null: in the data directory. */
    directory: string | null
    /** 0: none are made by themselves; null: the installation decides. */
    everyHours: number | null
    keep: number
    beforeUpgrade: boolean
  }
  logs: { level: (typeof LOG_LEVELS)[number] }
  /** The newest first; null: those of the data directory. */
  secrets: { masterKeys: Secret | null }
}

export type ConfigError = { variable: string; problem: string; fix: string }
export type LoadedConfig = { ok: true; config: Config } | { ok: false; errors: ConfigError[] }

/**
 * Reads every variable; an empty one counts as not set. All errors come at once, each with its fix.
 * The launcher decides the sandbox and hands it on as LEADLINE_SANDBOX, so a server process never meets `null` there;
 * defaults that differ in the sandbox follow that variable.
 */
export function loadConfig(env: NodeJS.ProcessEnv): LoadedConfig {
  const errors: ConfigError[] = unknownVariables(env)
  const values: Record<string, unknown> = {}
  const wrong = new Set<string>()
  const textOf = (name: VariableName) => env[name]?.trim() ?? ''
  for (const name of NAMES) {
    values[name] = VARIABLES[name].unset
    if (textOf(name) === '') continue
    const result = VARIABLES[name].read(textOf(name))
    if (result.ok) values[name] = result.value
    else {
      errors.push({ variable: name, problem: result.problem, fix: result.fix })
      wrong.add(name)
    }
  }
  // Every name of the table has just been filled with the type of its own row.
  const checked = values as Values
  for (const { reads, ...conflict } of conflictsOf(checked, (name) => textOf(name) !== '')) {
    if (!reads.some((name) => wrong.has(name))) errors.push(conflict)
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, config: toConfig(checked) }
}

function toConfig(values: Values): Config {
  const sandbox = values.LEADLINE_SANDBOX === true
  const { LEADLINE_HTTP_HOST: host, LEADLINE_HTTP_PORT: port } = values
  return {
    roles: [...new Set(values.LEADLINE_ROLES)],
    dataDirectory: values.LEADLINE_DATA_DIR,
    http: {
      host,
      port,
      publicUrl: values.LEADLINE_PUBLIC_URL ?? `http://${reachableName(host)}:${port}`,
      trustedProxies: values.LEADLINE_TRUSTED_PROXIES ?? [],
    },
    database: {
      url: values.DATABASE_URL,
      ownerUrl: values.LEADLINE_DATABASE_OWNER_URL,
      poolSize: values.LEADLINE_DATABASE_POOL_SIZE,
      streamPoolSize: values.LEADLINE_DATABASE_STREAM_POOL_SIZE,
      statementTimeoutSeconds: values.LEADLINE_DATABASE_STATEMENT_TIMEOUT_SECONDS,
    },
    sandbox: {
      enabled: values.LEADLINE_SANDBOX,
      simulatorPort: values.LEADLINE_SIM_PORT,
      seed: values.LEADLINE_SIM_SEED,
      leads: values.LEADLINE_SANDBOX_LEADS,
    },
    sync: {
      intervalSeconds: values.LEADLINE_SYNC_INTERVAL_SECONDS ?? (sandbox ? 15 : 300),
      addressCallsPerMinute: values.LEADLINE_ADDRESS_CALLS_PER_MINUTE ?? (sandbox ? 3_000 : 300),
    },
    webhooks: { deliveriesPerSecond: values.LEADLINE_WEBHOOK_DELIVERIES_PER_SECOND },
    limits: { requestsPerMinute: values.LEADLINE_RATE_LIMIT_PER_MINUTE },
    tokens: { audience: values.LEADLINE_TOKEN_AUDIENCE, trustedIssuers: values.LEADLINE_TRUSTED_ISSUERS ?? [] },
    outbound: { allowedRanges: values.LEADLINE_OUTBOUND_ALLOWED_RANGES ?? [] },
    sbcs: { allowedRanges: values.LEADLINE_SBC_ALLOWED_RANGES },
    openId: openIdOf(values),
    metrics: { token: values.LEADLINE_METRICS_TOKEN, workerPort: values.LEADLINE_WORKER_HTTP_PORT },
    backups: {
      directory: values.LEADLINE_BACKUP_DIR,
      everyHours: values.LEADLINE_BACKUP_EVERY_HOURS,
      keep: values.LEADLINE_BACKUP_KEEP,
      beforeUpgrade: values.LEADLINE_EXPORT_BEFORE_UPGRADE,
    },
    logs: { level: values.LEADLINE_LOG_LEVEL },
    secrets: { masterKeys: values.LEADLINE_MASTER_KEY },
  }
}

function openIdOf(values: Values): Config['openId'] {
  const { LEADLINE_OIDC_ISSUER: issuer, LEADLINE_OIDC_CLIENT_ID: clientId } = values
  const clientSecret = values.LEADLINE_OIDC_CLIENT_SECRET
  return issuer && clientId && clientSecret ? { issuer, clientId, clientSecret } : null
}

/** A name that a browser on this machine can open: "listen everywhere" is no address to go to. */
function reachableName(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return isIP(host) === 6 ? `[${host}]` : host
}

// The launcher, the job engine and administrators need connections too.
const EMBEDDED_CONNECTIONS_MAX = 80

/** `reads`: what it is judged by; one that is wrong by itself is told as that alone. */
type Conflict = ConfigError & { reads: VariableName[] }

/** Values that are right one by one and wrong together. */
function conflictsOf(values: Values, isGiven: (name: VariableName) => boolean): Conflict[] {
  const conflicts: Conflict[] = []
  const ports: VariableName[] = ['LEADLINE_SANDBOX', 'LEADLINE_SIM_PORT', 'LEADLINE_HTTP_PORT']
  if (values.LEADLINE_SANDBOX !== false && values.LEADLINE_SIM_PORT === values.LEADLINE_HTTP_PORT)
    conflicts.push({
      variable: 'LEADLINE_SIM_PORT',
      problem: `the simulator and the web server cannot both have port ${values.LEADLINE_HTTP_PORT}`,
      fix: 'Give one of LEADLINE_HTTP_PORT and LEADLINE_SIM_PORT another number.',
      reads: ports,
    })
  if (values.LEADLINE_SANDBOX !== false && values.LEADLINE_SIM_PORT + 1 === values.LEADLINE_HTTP_PORT)
    conflicts.push({
      variable: 'LEADLINE_HTTP_PORT',
      problem: `port ${values.LEADLINE_HTTP_PORT} is the mailbox of the simulator, which listens on the port after its own`,
      fix: 'Give one of LEADLINE_HTTP_PORT and LEADLINE_SIM_PORT another number.',
      reads: ports,
    })
  const sbcPorts = [values.LEADLINE_SIM_PORT + 2, values.LEADLINE_SIM_PORT + 3]
  if (values.LEADLINE_SANDBOX !== false && sbcPorts.includes(values.LEADLINE_HTTP_PORT))
    conflicts.push({
      variable: 'LEADLINE_HTTP_PORT',
      problem: `port ${values.LEADLINE_HTTP_PORT} is an SBC of the simulator: these listen two and three ports after its own`,
      fix: 'Give one of LEADLINE_HTTP_PORT and LEADLINE_SIM_PORT another number.',
      reads: ports,
    })
  if (isGiven('LEADLINE_DATABASE_OWNER_URL') && !isGiven('DATABASE_URL'))
    conflicts.push({
      variable: 'LEADLINE_DATABASE_OWNER_URL',
      problem: 'it is set without DATABASE_URL',
      fix: "Set DATABASE_URL to the application's login on the same database, or unset this one.",
      reads: [],
    })
  conflicts.push(...openIdConflicts(values, isGiven))
  const connections = ROLES.length * (values.LEADLINE_DATABASE_POOL_SIZE + values.LEADLINE_DATABASE_STREAM_POOL_SIZE)
  if (!isGiven('DATABASE_URL') && connections > EMBEDDED_CONNECTIONS_MAX)
    conflicts.push({
      variable: 'LEADLINE_DATABASE_POOL_SIZE',
      problem: `web and worker would open ${connections} connections, the built-in database has room for ${EMBEDDED_CONNECTIONS_MAX}`,
      fix: `Keep LEADLINE_DATABASE_POOL_SIZE and LEADLINE_DATABASE_STREAM_POOL_SIZE together at ${EMBEDDED_CONNECTIONS_MAX / ROLES.length} or less, or use DATABASE_URL.`,
      reads: ['LEADLINE_DATABASE_POOL_SIZE', 'LEADLINE_DATABASE_STREAM_POOL_SIZE'],
    })
  return conflicts
}

const OPEN_ID = ['LEADLINE_OIDC_ISSUER', 'LEADLINE_OIDC_CLIENT_ID', 'LEADLINE_OIDC_CLIENT_SECRET'] as const

function openIdConflicts(values: Values, isGiven: (name: VariableName) => boolean): Conflict[] {
  const missing = OPEN_ID.filter((name) => !isGiven(name))
  const conflicts = (missing.length < OPEN_ID.length ? missing : []).map(
    (variable): Conflict => ({
      variable,
      problem: 'it is missing, and others for OpenID Connect are set',
      fix: `Set all of ${OPEN_ID.join(', ')}, or none.`,
      reads: [],
    }),
  )
  if (/\/(common|organizations|consumers)(\/|$)/i.test(values.LEADLINE_OIDC_ISSUER ?? ''))
    conflicts.push({
      variable: 'LEADLINE_OIDC_ISSUER',
      problem: 'it lets in people of any directory, who choose their own mail address',
      fix: 'Put the id of your directory in its place: https://login.microsoftonline.com/<directory id>/v2.0.',
      reads: ['LEADLINE_OIDC_ISSUER'],
    })
  return conflicts
}

// LEADLINE_TEST_* belongs to the test runner.
function unknownVariables(env: NodeJS.ProcessEnv): ConfigError[] {
  const unknown = Object.keys(env).filter(
    (name) => /^LEADLINE_(?!TEST_)/i.test(name) && !Object.hasOwn(VARIABLES, name),
  )
  return unknown.map((variable) => {
    const nearest = nearestName(variable.toUpperCase(), NAMES)
    return {
      variable,
      problem: 'there is no such variable',
      fix: nearest ? `Did you mean ${nearest}? Else unset it.` : 'Unset it; `leadline config` lists all variables.',
    }
  })
}

export type VariableDescription = {
  name: VariableName
  meaning: string
  default: string
  check: string
  /** As given in the environment, or `null`. Secrets are hidden, of an address the password only. */
  value: string | null
}

/** Every variable for the documentation and for `leadline config`. */
export function describeConfig(env: NodeJS.ProcessEnv = {}): VariableDescription[] {
  return NAMES.map((name) => {
    const { meaning, default: standard, check } = VARIABLES[name]
    return { name, meaning, default: standard, check, value: shownValue(name, env[name]?.trim() ?? '') }
  })
}

function shownValue(name: VariableName, text: string): string | null {
  if (text === '') return null
  const result = VARIABLES[name].read(text)
  if (!result.ok || !(result.value instanceof Secret)) return result.ok ? text : hideUnread(name, text)
  return URL.canParse(text.replace('@/', '@socket/')) ? withoutPassword(text) : '(set, hidden)'
}

// A secret with a slip in it is still a secret.
function hideUnread(name: VariableName, text: string): string {
  return /KEY|TOKEN$|SECRET$|URL$/.test(name) ? '(set, hidden, not usable)' : text
}

/** Login, host and database of an address; nothing else of it. */
function withoutPassword(address: string): string {
  const url = new URL(address.replace('@/', '@socket/'))
  const host = url.searchParams.get('host') ?? url.host
  return `database ${url.pathname.slice(1)} on ${host}${url.username ? ` as ${url.username}` : ''} (address hidden)`
}
