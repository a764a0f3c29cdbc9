import { totalmem } from 'node:os'

const MEGABYTE = 1_048_576

/**
 * The server's postgresql.conf. `durable: false` is for tests only: nothing survives a crash of the machine.
 * `memoryBytes` is what the machine has; the cache takes an eighth of it, between 128 and 512 MB.
 */
export function clusterSettings({
  major,
  durable,
  logDirectory,
  memoryBytes = totalmem(),
}: {
  major: number
  durable: boolean
  /** Folder for rotated server logs; without it the server writes to its standard error only. */
  logDirectory: string | null
  memoryBytes?: number
}): string {
  const cacheMegabytes = Math.round(Math.min(512, Math.max(128, memoryBytes / MEGABYTE / 8)))
  const settings: Record<string, string> = {
    listen_addresses: '',
    unix_socket_permissions: '0700',
    // A server for tests has several installations at once, each with its own pools.
    max_connections: durable ? '100' : '500',
    shared_buffers: `${cacheMegabytes}MB`,
    effective_cache_size: `${Math.round(Math.max(256, memoryBytes / MEGABYTE / 2))}MB`,
    work_mem: '16MB',
    maintenance_work_mem: '128MB',
    // Pages stream in milliseconds: compiling queries, or starting helper processes on two cores, costs more than it saves.
    jit: 'off',
    max_parallel_workers_per_gather: '1',
    random_page_cost: '1.1',
    // No replica reads this log, and bulk loads into new tables may skip it.
    wal_level: 'minimal',
    max_wal_senders: '0',
    wal_compression: 'on',
    max_wal_size: '2GB',
    min_wal_size: '160MB',
    checkpoint_timeout: '15min',
    autovacuum_naptime: '15s',
    // A client that has gone away does not keep its query running.
    client_connection_check_interval: '2s',
    timezone: 'UTC',
    log_timezone: 'UTC',
    datestyle: 'iso, mdy',
    lc_messages: 'C',
    default_text_search_config: 'pg_catalog.simple',
    log_checkpoints: 'off',
    // Details quote row values, which are personal data.
    log_error_verbosity: 'terse',
    log_line_prefix: '%m [%p] %u ',
    ...(major >= 18 ? { io_method: 'worker', io_workers: '2' } : {}),
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    ...(logDirectory
      ? {
          logging_collector: 'on',
          log_directory: logDirectory,
          log_filename: 'postgres-%Y%m%d-%H%M%S.log',
          log_rotation_size: '10MB',
          log_rotation_age: '7d',
        }
      : {}),
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`)
  return `# Written by Leadline at each start. Own settings go into postgresql.local.conf, which is read last.\n${lines.join('\n')}\ninclude_if_exists = 'postgresql.local.conf'\n`
}

/** Only the local socket, whose folder nobody but the database user and the superuser can enter. */
export const CLUSTER_ACCESS = 'local all all trust\n'

export const DATABASE_NAME = 'leadline'
export const SUPER_ROLE = 'leadline_super'
export const OWNER_ROLE = 'leadline_owner'
export const APP_ROLE = 'leadline_app'

/**
 * Roles and database of a new cluster, one statement a line. The owner may create schemas for the application's role
 * (member of it). It inherits: PostgreSQL 15 counts a role that does not inherit as no owner of its own database.
 */
export const BOOTSTRAP_SQL = [
  `create role ${OWNER_ROLE} login inherit nosuperuser nocreatedb nocreaterole nobypassrls;`,
  `create role ${APP_ROLE} login nosuperuser nocreatedb nocreaterole nobypassrls;`,
  `grant ${APP_ROLE} to ${OWNER_ROLE};`,
  `create database ${DATABASE_NAME} owner ${OWNER_ROLE};`,
  ...databaseGrants(DATABASE_NAME),
  'revoke connect on database postgres from public;',
  'revoke connect on database template1 from public;',
  '',
].join('\n')

/** Who may connect to a database of ours. Temporary tables are how bulk loads pass row security (stack.md 11). */
export function databaseGrants(quotedName: string): string[] {
  return [
    `revoke all on database ${quotedName} from public;`,
    `grant connect, temporary on database ${quotedName} to ${APP_ROLE};`,
  ]
}
