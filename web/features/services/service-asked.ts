import type { WireService, WireSipConnection } from '../../api/services.ts'
import { Watched } from '../../ui/watched.ts'

export type ServiceAsked =
  | { kind: 'edit' | 'channel' | 'delete' | 'bar' | 'unbar' | 'addConnection'; service: WireService }
  | { kind: 'changeConnection' | 'removeConnection'; service: WireService; connection: WireSipConnection }

/** The dialog that a menu or a panel asks for, kept outside of them; once in the page. */
export const serviceAsked = new Watched<ServiceAsked | null>(null)
