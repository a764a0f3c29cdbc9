import type pg from 'pg'
import { APP_ROLE } from './scope.ts'

/**
 * Which of the two ways of working holds (design/decisions.md, Database roles), and whether the application's role can get
 * past row security: it must own no table, bypass nothing and be no superuser. `owner` connects as migrations do.
 */
export async function describeRoles(pool: pg.Pool, owner: pg.Pool): Promise<{ mode: string; problems: string[] }> {
  const { rows } = await pool.query<{
    login: string
    super: boolean
    bypass: boolean
    owned: number
  }>(
    `select current_user as login, app.rolsuper as super, app.rolbypassrls as bypass,
       (select count(*)::int from pg_class where relkind in ('r', 'p') and relpersistence <> 't' and relowner = app.oid) as owned
     from pg_roles app where app.rolname = $1`,
    [APP_ROLE],
  )
  const row = rows[0]
  if (!row) return { mode: 'not prepared', problems: [`The role ${APP_ROLE} does not exist: start Leadline once.`] }
  const problems: string[] = []
  if (row.super || row.bypass)
    problems.push(`${APP_ROLE} may bypass row security: alter role ${APP_ROLE} nosuperuser nobypassrls.`)
  if (row.owned > 0) problems.push(`${APP_ROLE} owns ${row.owned} tables: give them to the owner.`)
  const { rows: owners } = await owner.query<{ login: string }>('select current_user as login')
  return { mode: modeOf(row.login, owners[0]?.login ?? row.login), problems }
}

function modeOf(login: string, owner: string): string {
  const asRole = login === APP_ROLE ? '' : ` as ${APP_ROLE}`
  if (login === owner) return `one login (${login}), which works${asRole} in every transaction`
  return `two logins: ${owner} migrates, ${login} works${asRole}`
}
