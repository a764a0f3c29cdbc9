import type { SealedColumn } from './platform/secrets/index.ts'

/** Every column with sealed values. One that is missing here would keep its old master key for ever. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: 'connection', row: 'operator_id', column: 'sealed_secret' },
  { table: 'signing_key', row: 'kid', column: 'private_key_sealed' },
  { table: 'person', row: 'person_id', column: 'second_factor_sealed' },
  { table: 'person', row: 'person_id', column: 'second_factor_pending' },
  ...['url_sealed', 'header_value_sealed', 'secret_sealed', 'previous_secret_sealed'].map((column) => ({
    table: 'webhook',
    row: "operator_id || '/' || webhook_id",
    column,
  })),
  { table: 'mail_settings', row: 'operator_id', column: 'password_sealed' },
  { table: 'sbc', row: "operator_id || '/' || sbc_id", column: 'password_sealed' },
  ...['password_sealed', 'variables_sealed'].map((column) => ({
    table: 'sip_secret',
    row: "operator_id || '/' || connection_id",
    column,
  })),
  { table: 'kept_answer', row: "operator_id || '/' || key_hash", column: 'answer' },
]
