import type pg from 'pg'

const DEADLOCK = '40P01'
const ATTEMPTS = 10

/** Changes leads of Northwind past the application, which locks them in an order of its own: who loses tries again. */
export async function updateLeads(owner: pg.Pool, change: string, values: unknown[] = []): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await owner.query(`update lead set ${change} and operator_id = 868`, values)
      return
    } catch (error) {
      if ((error as { code?: string }).code !== DEADLOCK || attempt === ATTEMPTS) throw error
    }
  }
}
