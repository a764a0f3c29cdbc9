export { findInstalledPostgres, type InstalledPostgres } from './binaries.ts'
export { type DatabaseUser, databaseUser, firstImpassableFolder } from './database-user.ts'
export { explainFailure, PostgresError } from './postgres-error.ts'
export {
  type EmbeddedPostgresOptions,
  type PostgresLogger,
  type RunningPostgres,
  startEmbeddedPostgres,
} from './start-embedded-postgres.ts'
export { startTemporaryPostgres } from './start-temporary-postgres.ts'
