export { notifyAtCommit } from './outbox.store.ts'
export { emit, type NewEvent } from './outbox.ts'
