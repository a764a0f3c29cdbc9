import type { SealedColumn } from './platform/secrets/index.ts'

/** Every column with sealed values. One that is missing here would keep its old master key for ever. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: 'connection', row: 'operator_id', column: 'sealed_secret' },
  { table: 'signing_key', row: 'kid', column: 'private_key_sealed' },
  { table: 'person', row: 'person_id', column: 'second_factor_sealed' },
  { table: 'person', row: 'person_id', column: 'second_factor_pending' },
  { table: 'kept_answer', row: "operator_id || '/' || key_hash", column: 'answer' },
]
