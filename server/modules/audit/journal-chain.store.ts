import { connectionOf, type Tx } from '../../platform/db/transaction.ts'

export type SealPoint = { position: number; hash: Buffer }
export type StoredHead = SealPoint & { sealedAt: Date; signature: string }
export type UnsealedEntry = { entryId: string; canonical: string }
export type ChainRow = {
  position: number
  entryId: string
  hash: Buffer
  signature: string | null
  /** Null when the entry is gone. */
  canonical: string | null
}

const field = (value: string) => `coalesce(octet_length(${value}) || ':' || ${value}, '-')`

/**
 * One entry as the text that is hashed: its columns in this order, each as `<bytes>:<text>` or `-` for null, joined by
 * commas, so that no two different entries read the same. Changing this breaks every journal there is.
 */
const CANONICAL = [
  'e.entry_id::text',
  'e.operator_id::text',
  'e.channel_id::text',
  `to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
  ...['actor_kind', 'actor_id', 'actor_name', 'source_ip', 'request_id', 'action', 'object_type', 'object_id'].map(
    (name) => `e.${name}`,
  ),
  ...['object_name', 'before', 'after', 'result', 'detail'].map((name) => `e.${name}`),
]
  .map(field)
  .join(` || ',' || `)

/** Whether this transaction is now the only sealer of the operator; held until it ends. */
export async function lockChain(tx: Tx, operatorId: number): Promise<boolean> {
  const { rows } = await connectionOf(tx).query<{ locked: boolean }>(
    `select pg_try_advisory_xact_lock(hashtext('leadline journal seal'), $1) as locked`,
    [operatorId],
  )
  return rows[0]?.locked === true
}

/** The first operator after the given one that has unsealed entries. */
export async function nextUnsealedOperator(tx: Tx, after: number | null): Promise<number | null> {
  const { rows } = await connectionOf(tx).query<{ operator_id: number }>(
    `select operator_id from journal_unsealed where $1::integer is null or operator_id > $1 order by operator_id limit 1`,
    [after],
  )
  return rows[0]?.operator_id ?? null
}

/**
 * In the order in which they were made, after the given one (which spares reading over the remains of batches just sealed).
 * An entry that is gone stays in the queue, for the verification to find.
 */
export async function readUnsealed(
  tx: Tx,
  operatorId: number,
  after: string | null,
  limit: number,
): Promise<UnsealedEntry[]> {
  const { rows } = await connectionOf(tx).query<UnsealedEntry>({
    name: 'journal-unsealed',
    text: `
      select u.entry_id as "entryId", e.canonical
      from (
        select entry_id from journal_unsealed
        where operator_id = $1 and entry_id > coalesce($2::uuid, '00000000-0000-0000-0000-000000000000')
        order by entry_id limit $3
      ) u
      join lateral (
        select ${CANONICAL} as canonical from journal_entry e where e.entry_id = u.entry_id and e.operator_id = $1
      ) e on true
      order by u.entry_id`,
    values: [operatorId, after, limit],
  })
  return rows
}

export async function readLastSeal(tx: Tx, operatorId: number): Promise<SealPoint | null> {
  const { rows } = await connectionOf(tx).query<SealPoint>(
    `select position, hash from journal_seal where operator_id = $1 order by position desc limit 1`,
    [operatorId],
  )
  return rows[0] ?? null
}

export async function readHead(tx: Tx, operatorId: number): Promise<StoredHead | null> {
  const { rows } = await connectionOf(tx).query<StoredHead>(
    `select position, hash, sealed_at as "sealedAt", signature from journal_head where operator_id = $1`,
    [operatorId],
  )
  return rows[0] ?? null
}

/** Appends seals after `after`, the last of them signed, and takes the entries out of the queue. */
export async function insertSeals(
  tx: Tx,
  operatorId: number,
  after: number,
  seals: { entryId: string; hash: Buffer }[],
  signature: string,
): Promise<void> {
  const entryIds = seals.map((seal) => seal.entryId)
  await connectionOf(tx).query(
    `insert into journal_seal (operator_id, position, entry_id, hash, signature)
     select $1, $2 + n, entry_id, decode(hash, 'hex'), case when n = $5 then $6 end
     from unnest($3::uuid[], $4::text[]) with ordinality as seal (entry_id, hash, n)`,
    [operatorId, after, entryIds, seals.map((seal) => seal.hash.toString('hex')), seals.length, signature],
  )
  await connectionOf(tx).query(
    `delete from journal_unsealed u using unnest($2::uuid[]) as sealed (entry_id)
     where u.operator_id = $1 and u.entry_id = sealed.entry_id`,
    [operatorId, entryIds],
  )
}

export async function writeHead(tx: Tx, operatorId: number, head: SealPoint, signature: string): Promise<void> {
  await connectionOf(tx).query(
    `insert into journal_head (operator_id, position, hash, sealed_at, signature) values ($1, $2, $3, now(), $4)
     on conflict (operator_id) do update
       set position = excluded.position, hash = excluded.hash, sealed_at = excluded.sealed_at, signature = excluded.signature`,
    [operatorId, head.position, head.hash, signature],
  )
}

/** Seals after a position and up to another, each with its entry as it is now and its latest signature. */
export async function readChain(
  tx: Tx,
  operatorId: number,
  after: number,
  upTo: number,
  limit: number,
): Promise<ChainRow[]> {
  const { rows } = await connectionOf(tx).query<ChainRow>({
    name: 'journal-chain',
    text: `
      select s.position, s.entry_id as "entryId", s.hash, coalesce(c.signature, s.signature) as signature, e.canonical
      from (
        select position, entry_id, hash, signature from journal_seal
        where operator_id = $1 and position > $2 and position <= $3 order by position limit $4
      ) s
      left join journal_countersignature c on c.operator_id = $1 and c.position = s.position and s.signature is not null
      left join lateral (
        select ${CANONICAL} as canonical from journal_entry e where e.entry_id = s.entry_id and e.operator_id = $1
      ) e on true
      order by s.position`,
    values: [operatorId, after, upTo, limit],
  })
  return rows
}

/** One statement, so one moment: the last seal, the head, and how many entries wait. */
export async function readEnds(
  tx: Tx,
  operatorId: number,
): Promise<{ lastPosition: number; headPosition: number; unsealed: number }> {
  const { rows } = await connectionOf(tx).query<{ lastPosition: number; headPosition: number; unsealed: number }>(
    `select coalesce((select max(position) from journal_seal where operator_id = $1), 0) as "lastPosition",
            coalesce((select position from journal_head where operator_id = $1), 0) as "headPosition",
            (select count(*) from journal_unsealed where operator_id = $1) as unsealed`,
    [operatorId],
  )
  return rows[0] ?? { lastPosition: 0, headPosition: 0, unsealed: 0 }
}

/** The first entry that is neither sealed nor waiting to be: it came in past the journal. */
export async function findStrayEntry(tx: Tx, operatorId: number): Promise<string | null> {
  const { rows } = await connectionOf(tx).query<{ entryId: string }>(
    `select e.entry_id as "entryId" from journal_entry e
     where e.operator_id = $1
       and not exists (select from journal_seal s where s.entry_id = e.entry_id and s.operator_id = e.operator_id)
       and not exists (select from journal_unsealed u where u.entry_id = e.entry_id and u.operator_id = e.operator_id)
     order by e.entry_id limit 1`,
    [operatorId],
  )
  return rows[0]?.entryId ?? null
}

/** The first entry that waits to be sealed and is gone. */
export async function findLostEntry(tx: Tx, operatorId: number): Promise<string | null> {
  const { rows } = await connectionOf(tx).query<{ entryId: string }>(
    `select u.entry_id as "entryId" from journal_unsealed u
     where u.operator_id = $1
       and not exists (select from journal_entry e where e.entry_id = u.entry_id and e.operator_id = u.operator_id)
     order by u.entry_id limit 1`,
    [operatorId],
  )
  return rows[0]?.entryId ?? null
}
