import { type Endpoint, FAULT_CATALOGUE, type FaultKind, type FaultName } from './fault-catalogue.ts'
import { Random } from './seed/random.ts'

/** What a fault may be told besides its name; the catalogue says which one reads what. */
export interface FaultParameters {
  seconds?: number
  delayMs?: number
  percent?: number
  offset?: number
  digits?: number
  /** How many consents of a page a record fault strikes (1). */
  records?: number
}

export interface FaultOrder extends FaultParameters {
  name: FaultName
  /** Strikes this many times, then is spent; without it, until cleared. */
  times?: number
  /** 0 to 1: chance on each request that matches. */
  probability?: number
  /** Seeds the draws, so that the same requests in the same order meet the same faults. */
  seed?: number
  /** Key of an operator; without it, all. */
  operator?: string
  endpoint?: Endpoint
  /** Part of the path and query. */
  match?: string
}

export interface Fault extends FaultOrder {
  id: number
  struck: number
}

/** A fault that strikes the request at hand. */
export interface StrikingFault extends FaultParameters {
  name: FaultName
  kind: FaultKind
  /** Random numbers of this strike, derived from the fault's seed. */
  random: Random
}

export interface FaultTarget {
  endpoint: Endpoint
  path: string
  operator: string | undefined
}

/** The faults now in force. */
export class FaultBook {
  private faults: (Fault & { random: Random })[] = []
  private lastId = 0

  add(order: FaultOrder): Fault {
    const fault = { ...order, id: ++this.lastId, struck: 0, random: new Random(order.seed ?? 1) }
    this.faults.push(fault)
    return describe(fault)
  }

  list(): Fault[] {
    return this.faults.map(describe)
  }

  clear(id?: number): number {
    const before = this.faults.length
    this.faults = id === undefined ? [] : this.faults.filter((fault) => fault.id !== id)
    return before - this.faults.length
  }

  /** The faults that strike this request. Counts them, and drops those that are spent. */
  strike(target: FaultTarget): StrikingFault[] {
    const striking: StrikingFault[] = []
    for (const fault of this.faults) {
      if (!concerns(fault, target)) continue
      if (fault.probability !== undefined && !fault.random.chance(fault.probability)) continue
      fault.struck++
      const { random, id: _id, struck: _struck, ...order } = fault
      striking.push({ ...order, kind: FAULT_CATALOGUE[fault.name].kind, random: new Random(random.uint32()) })
    }
    this.faults = this.faults.filter((fault) => fault.times === undefined || fault.struck < fault.times)
    return striking
  }
}

function concerns(fault: Fault, target: FaultTarget): boolean {
  if (fault.operator !== undefined && fault.operator !== target.operator) return false
  if (fault.match !== undefined && !target.path.includes(fault.match)) return false
  if (fault.endpoint !== undefined) return fault.endpoint === target.endpoint
  return fault.match !== undefined || FAULT_CATALOGUE[fault.name].endpoints.includes(target.endpoint)
}

function describe(fault: Fault & { random: Random }): Fault {
  const { random: _random, ...rest } = fault
  return rest
}
