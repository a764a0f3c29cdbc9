import { connectionOf, type Tx } from '../../platform/db/transaction.ts'

export type Checkpoint = { position: number; hash: Buffer; signature: string }

/** Operators that have a journal, 0 for the installation itself. */
export async function journalOperators(tx: Tx): Promise<number[]> {
  const { rows } = await connectionOf(tx).query<{ operator_id: number }>(
    'select operator_id from journal_head order by operator_id',
  )
  return rows.map((row) => row.operator_id)
}

/** Checkpoints after a position whose latest signature was made with another master key than this one. */
export async function checkpointsOfOtherKeys(
  tx: Tx,
  operatorId: number,
  query: { after: number; keyId: string; limit: number },
): Promise<Checkpoint[]> {
  const { rows } = await connectionOf(tx).query<Checkpoint>(
    `select s.position, s.hash, coalesce(c.signature, s.signature) as signature
     from journal_seal s
     left join journal_countersignature c on c.operator_id = s.operator_id and c.position = s.position
     where s.operator_id = $1 and s.position > $2 and s.signature is not null
       and coalesce(c.signature, s.signature) not like 'v1.' || $3 || '.%'
     order by s.position limit $4`,
    [operatorId, query.after, query.keyId, query.limit],
  )
  return rows
}

export async function saveCountersignatures(
  tx: Tx,
  operatorId: number,
  signed: { position: number; signature: string }[],
): Promise<void> {
  await connectionOf(tx).query(
    `insert into journal_countersignature (operator_id, position, signature)
     select $1, position, signature from unnest($2::bigint[], $3::text[]) as signed (position, signature)
     on conflict (operator_id, position) do update set signature = excluded.signature`,
    [operatorId, signed.map((one) => one.position), signed.map((one) => one.signature)],
  )
}

/** The signatures that hold now, of checkpoints and heads; one column, `signature`. */
export const SIGNATURES_IN_FORCE = `
  select coalesce(c.signature, s.signature) as signature
  from journal_seal s
  left join journal_countersignature c on c.operator_id = s.operator_id and c.position = s.position
  where s.signature is not null
  union all select signature from journal_head`

/** How many signatures of checkpoints and heads each master key has made; ids as they are written, known or not. */
export async function countSignatures(tx: Tx): Promise<Map<string, number>> {
  const { rows } = await connectionOf(tx).query<{ key_id: string; count: number }>(
    `select coalesce(substring(signature from '^v1\\.([0-9a-f]{8})\\.'), 'damaged') as key_id, count(*)::int as count
     from (${SIGNATURES_IN_FORCE}) latest
     group by 1 order by 1`,
  )
  return new Map(rows.map((row) => [row.key_id, row.count]))
}
