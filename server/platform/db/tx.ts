import type { Principal } from '../../kernel/principal.ts'

declare const brand: unique symbol

/** An open transaction in the scope of one principal. It has no query methods: only a store can read or write with it. */
export type Tx = { readonly [brand]: 'tx'; readonly principal: Principal; readonly operatorId: number }
