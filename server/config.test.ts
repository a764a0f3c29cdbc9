import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type Config, describeConfig, loadConfig } from './config.ts'

function configOf(env: NodeJS.ProcessEnv): Config {
  const loaded = loadConfig(env)
  if (!loaded.ok) throw new Error(loaded.errors.map((error) => `${error.variable} ${error.problem}`).join('; '))
  return loaded.config
}

function errorsOf(env: NodeJS.ProcessEnv) {
  const loaded = loadConfig(env)
  return loaded.ok ? [] : loaded.errors
}

describe('loadConfig', () => {
  it('needs nothing', () => {
    expect(configOf({ PATH: '/bin', LEADLINE_HTTP_PORT: '' })).toEqual({
      roles: ['web', 'worker'],
      dataDirectory: null,
      http: { host: '127.0.0.1', port: 8080, publicUrl: 'http://127.0.0.1:8080', trustedProxies: [] },
      database: { url: null, ownerUrl: null, poolSize: 10, streamPoolSize: 8, statementTimeoutSeconds: 60 },
      sandbox: { enabled: null, simulatorPort: 8081, seed: null, leads: null },
      sync: { intervalSeconds: 300, addressCallsPerMinute: 300 },
      webhooks: { deliveriesPerSecond: 650 },
      limits: { requestsPerMinute: 600 },
      tokens: { audience: 'api://leadline', trustedIssuers: [] },
      outbound: { allowedRanges: [] },
      sbcs: {
        allowedRanges: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'],
      },
      openId: null,
      metrics: { token: null, workerPort: null },
      backups: { directory: null, everyHours: null, keep: 7, beforeUpgrade: true },
      logs: { level: 'info' },
      secrets: { masterKeys: null },
    })
  })

  it('looks more often in the sandbox, unless told otherwise', () => {
    expect(configOf({ LEADLINE_SANDBOX: 'true' }).sync).toEqual({ intervalSeconds: 15, addressCallsPerMinute: 3000 })
    expect(configOf({ LEADLINE_SANDBOX: 'true', LEADLINE_SYNC_INTERVAL_SECONDS: '60' }).sync.intervalSeconds).toBe(60)
    expect(configOf({ LEADLINE_SANDBOX: 'False' }).sync).toEqual({ intervalSeconds: 300, addressCallsPerMinute: 300 })
  })

  it('reads every kind of value', () => {
    const config = configOf({
      DATABASE_URL: 'postgres://app@/leadline?host=%2Frun%2Fpg',
      LEADLINE_DATABASE_OWNER_URL: ' postgresql://owner:p%40ss@db.example:5433/leadline ',
      LEADLINE_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
      LEADLINE_PUBLIC_URL: 'https://leads.example.com/',
      LEADLINE_TRUSTED_PROXIES: '10.0.0.0/8, ::1,loopback',
      LEADLINE_TRUSTED_ISSUERS: 'https://login.microsoftonline.com/t/v2.0,http://127.0.0.1:8081/t/',
      LEADLINE_OUTBOUND_ALLOWED_RANGES: '10.20.0.0/16, fd00::/8,192.168.1.9',
      LEADLINE_ROLES: 'Worker',
    })
    expect(config.outbound.allowedRanges).toEqual(['10.20.0.0/16', 'fd00::/8', '192.168.1.9'])
    expect(config.database.url?.reveal()).toBe('postgres://app@/leadline?host=%2Frun%2Fpg')
    expect(config.database.ownerUrl?.reveal()).toBe('postgresql://owner:p%40ss@db.example:5433/leadline')
    expect(config.secrets.masterKeys?.reveal()).toBe(Buffer.alloc(32, 7).toString('base64'))
    expect(config.http.publicUrl).toBe('https://leads.example.com')
    expect(config.http.trustedProxies).toEqual(['10.0.0.0/8', '::1', 'loopback'])
    expect(config.tokens.trustedIssuers).toEqual([
      'https://login.microsoftonline.com/t/v2.0',
      'http://127.0.0.1:8081/t/',
    ])
    expect(config.roles).toEqual(['worker'])
    const twoKeys = `${'ab'.repeat(32)}, ${Buffer.alloc(32, 7).toString('base64url')}`
    expect(configOf({ LEADLINE_MASTER_KEY: twoKeys }).secrets.masterKeys?.reveal()).toBe(twoKeys)
  })

  it.each([
    ['127.0.0.1', 'http://127.0.0.1:8080'],
    ['0.0.0.0', 'http://localhost:8080'],
    ['::', 'http://localhost:8080'],
    ['fd00::1', 'http://[fd00::1]:8080'],
  ])('names an address one can open when it listens on %s', (host, url) => {
    expect(configOf({ LEADLINE_HTTP_HOST: host }).http.publicUrl).toBe(url)
  })

  it.each([
    ['LEADLINE_HTTP_PORT', '0'],
    ['LEADLINE_HTTP_PORT', '65536'],
    ['LEADLINE_HTTP_PORT', '80 80'],
    ['LEADLINE_HTTP_PORT', '1e3'],
    ['LEADLINE_HTTP_HOST', 'http://here'],
    ['LEADLINE_SANDBOX', 'yes'],
    ['LEADLINE_SANDBOX_LEADS', '10'],
    ['LEADLINE_SANDBOX_LEADS', '1000001'],
    ['LEADLINE_SANDBOX_LEADS', '-5'],
    ['LEADLINE_LOG_LEVEL', 'loud'],
    ['LEADLINE_ROLES', 'web,'],
    ['LEADLINE_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['LEADLINE_TRUSTED_PROXIES', '10.0.0.0/8/8'],
    ['LEADLINE_OUTBOUND_ALLOWED_RANGES', '10.0.0.0/33'],
    ['LEADLINE_OUTBOUND_ALLOWED_RANGES', 'loopback'],
    ['LEADLINE_TRUSTED_ISSUERS', 'http://login.example/t'],
    ['LEADLINE_PUBLIC_URL', 'ftp://leads.example'],
    ['LEADLINE_PUBLIC_URL', 'https://user:pass@leads.example'],
    ['LEADLINE_MASTER_KEY', 'too short'],
    ['LEADLINE_MASTER_KEY', `${'ab'.repeat(32)},${'cd'.repeat(31)}`],
    ['LEADLINE_MASTER_KEY', `${'ab'.repeat(32)},${'AB'.repeat(32)}`],
    ['LEADLINE_MASTER_KEY', ' , '],
    ['LEADLINE_METRICS_TOKEN', 'short'],
    ['DATABASE_URL', 'mysql://db/leadline'],
    ['DATABASE_URL', 'postgres://user@host'],
    ['LEADLINE_TOKEN_AUDIENCE', 'two words'],
  ])('refuses %s=%s with a fix', (name, value) => {
    const [error, ...others] = errorsOf({ [name]: value })
    expect(others).toEqual([])
    expect(error?.variable).toBe(name)
    expect(error?.problem.length).toBeGreaterThan(10)
    expect(error?.fix.length).toBeGreaterThan(5)
  })

  it('lists all errors at once, and suggests the name that was meant', () => {
    const errors = errorsOf({
      LEADLINE_HTTP_PORT: 'x',
      LEADLINE_SIM_PORT: 'y',
      LEADLINE_HTTPPORT: '1',
      leadline_sandbox: '1',
    })
    expect(errors.map((error) => error.variable).toSorted()).toEqual([
      'LEADLINE_HTTPPORT',
      'LEADLINE_HTTP_PORT',
      'LEADLINE_SIM_PORT',
      'leadline_sandbox',
    ])
    expect(errors.find((error) => error.variable === 'LEADLINE_HTTPPORT')?.fix).toContain('LEADLINE_HTTP_PORT')
    expect(errors.find((error) => error.variable === 'leadline_sandbox')?.fix).toContain('LEADLINE_SANDBOX?')
  })

  it('tells what contradicts itself beside what is wrong by itself', () => {
    const errors = errorsOf({
      LEADLINE_LOG_LEVEL: 'loud',
      LEADLINE_OIDC_ISSUER: 'https://login.microsoftonline.com/common/v2.0',
      LEADLINE_DATABASE_OWNER_URL: 'postgres://owner@db/leadline',
    })
    expect(errors.map((error) => error.variable).toSorted()).toEqual([
      'LEADLINE_DATABASE_OWNER_URL',
      'LEADLINE_LOG_LEVEL',
      'LEADLINE_OIDC_CLIENT_ID',
      'LEADLINE_OIDC_CLIENT_SECRET',
      'LEADLINE_OIDC_ISSUER',
    ])
    // A port that is none cannot be another's, and an address that cannot be read is there all the same.
    const unread = errorsOf({ LEADLINE_HTTP_PORT: 'x', LEADLINE_SIM_PORT: '8080', DATABASE_URL: 'db' })
    expect(unread.map((error) => error.variable).toSorted()).toEqual(['DATABASE_URL', 'LEADLINE_HTTP_PORT'])
  })

  it('finds values that contradict each other', () => {
    expect(errorsOf({ LEADLINE_HTTP_PORT: '9000', LEADLINE_SIM_PORT: '9000' })).toHaveLength(1)
    expect(errorsOf({ LEADLINE_HTTP_PORT: '9001', LEADLINE_SIM_PORT: '9000' })).toHaveLength(1)
    expect(errorsOf({ LEADLINE_HTTP_PORT: '9000', LEADLINE_SIM_PORT: '9000', LEADLINE_SANDBOX: 'false' })).toEqual([])
    expect(errorsOf({ LEADLINE_DATABASE_OWNER_URL: 'postgres://o@h/d' })).toHaveLength(1)
    expect(errorsOf({ LEADLINE_DATABASE_POOL_SIZE: '60' })).toHaveLength(1)
    expect(errorsOf({ LEADLINE_DATABASE_POOL_SIZE: '60', DATABASE_URL: 'postgres://o@h/d' })).toEqual([])
  })

  it('never shows a secret by accident, not even one that is wrong', () => {
    const key = Buffer.alloc(32, 9).toString('base64')
    const good = { LEADLINE_MASTER_KEY: key, DATABASE_URL: 'postgres://app:hunter2@db/leadline?password=hunter2' }
    const config = configOf(good)
    const wrong = {
      LEADLINE_MASTER_KEY: 'hunter2!',
      LEADLINE_METRICS_TOKEN: 'hunter2',
      DATABASE_URL: 'postgres://a:hunter2@h',
    }
    const shown = [
      JSON.stringify(config),
      inspect(config, { depth: 9, showHidden: true }),
      `${config.secrets.masterKeys} ${config.database.url}`,
      JSON.stringify(describeConfig(good)),
      JSON.stringify(describeConfig(wrong)),
      JSON.stringify(errorsOf(wrong)),
    ].join('\n')
    expect(shown).not.toContain('hunter2')
    expect(shown).not.toContain(key)
    expect(describeConfig(good).find((row) => row.name === 'DATABASE_URL')?.value).toBe(
      'database leadline on db as app (address hidden)',
    )
  })
})

describe('describeConfig', () => {
  it('documents every variable once, with meaning, default and check', () => {
    const rows = describeConfig()
    expect(new Set(rows.map((row) => row.name)).size).toBe(rows.length)
    for (const row of rows) expect([row.meaning, row.default, row.check].every((text) => text.length > 0)).toBe(true)
    expect(rows.map((row) => `${row.name} = ${row.default}`)).toMatchInlineSnapshot(`
      [
        "LEADLINE_HTTP_HOST = 127.0.0.1",
        "LEADLINE_HTTP_PORT = 8080",
        "LEADLINE_PUBLIC_URL = http://<host>:<port>",
        "LEADLINE_TRUSTED_PROXIES = none",
        "LEADLINE_ROLES = web,worker",
        "LEADLINE_DATA_DIR = .leadline in the checkout; as superuser /var/lib/leadline/<hash of the checkout> where the database cannot reach that",
        "DATABASE_URL = the built-in PostgreSQL 18",
        "LEADLINE_DATABASE_OWNER_URL = DATABASE_URL",
        "LEADLINE_DATABASE_POOL_SIZE = 10",
        "LEADLINE_DATABASE_STREAM_POOL_SIZE = 8",
        "LEADLINE_DATABASE_STATEMENT_TIMEOUT_SECONDS = 60",
        "LEADLINE_MASTER_KEY = a key made at first start in the data directory",
        "LEADLINE_SANDBOX = what the data directory is; true for a new one",
        "LEADLINE_SIM_PORT = 8081",
        "LEADLINE_SIM_SEED = chosen by the simulator; an existing sandbox keeps its own",
        "LEADLINE_SANDBOX_LEADS = 250; an existing sandbox keeps its number",
        "LEADLINE_SYNC_INTERVAL_SECONDS = 300; 15 in the sandbox",
        "LEADLINE_ADDRESS_CALLS_PER_MINUTE = 300; 3000 in the sandbox",
        "LEADLINE_WEBHOOK_DELIVERIES_PER_SECOND = 650",
        "LEADLINE_RATE_LIMIT_PER_MINUTE = 600",
        "LEADLINE_OUTBOUND_ALLOWED_RANGES = none: webhooks and mails go to public addresses only",
        "LEADLINE_SBC_ALLOWED_RANGES = 10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,fc00::/7",
        "LEADLINE_TRUSTED_ISSUERS = none",
        "LEADLINE_TOKEN_AUDIENCE = api://leadline",
        "LEADLINE_OIDC_ISSUER = none: people sign in with passwords",
        "LEADLINE_OIDC_CLIENT_ID = none",
        "LEADLINE_OIDC_CLIENT_SECRET = none",
        "LEADLINE_METRICS_TOKEN = none: only callers on this machine, not through a proxy, are answered",
        "LEADLINE_WORKER_HTTP_PORT = none: the figures of a worker without the web role are not served",
        "LEADLINE_BACKUP_DIR = backups in the data directory",
        "LEADLINE_BACKUP_EVERY_HOURS = 24 for a production with the built-in database; else none",
        "LEADLINE_BACKUP_KEEP = 7",
        "LEADLINE_EXPORT_BEFORE_UPGRADE = true",
        "LEADLINE_LOG_LEVEL = info",
      ]
    `)
  })
})
