import { foldStatus, type LocalFacts, type Permitted } from './lead.rules.ts'

type Known = { status: string } & Pick<LocalFacts, 'umpCustomerGuid' | 'processing'>

/** "Change Status": only an Active lead without license, at which nothing is at work. Source: seed 004; portal.md 4. */
export function mayLicense({ status, umpCustomerGuid, processing }: Known): Permitted {
  if (umpCustomerGuid !== null) return refused('lead-licensed', 'It has a license already.')
  if (processing === 'Updating') return refused('lead-updating', 'A task is at work on it: wait for its end.')
  return mayKeepLicensing({ status })
}

/** Still so while its license is being applied. */
export function mayKeepLicensing({ status }: Pick<Known, 'status'>): Permitted {
  if (foldStatus(status) === 'active') return { ok: true }
  return refused('lead-not-active', `Only an Active lead can be licensed: Microsoft says it is ${status}.`)
}

/** "Delete Customer", whatever its status: a customer that has left is what one deletes. Source: seed 000. */
export function mayDeleteCustomer({ umpCustomerGuid, processing }: Omit<Known, 'status'>): Permitted {
  if (umpCustomerGuid === null) return refused('lead-not-licensed', 'It has no license.')
  if (processing === 'Updating') return refused('lead-updating', 'A task is at work on it: wait for its end.')
  return { ok: true }
}

function refused(code: string, reason: string): Permitted {
  return { ok: false, code, reason }
}
