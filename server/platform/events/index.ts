export { type Bell, createBell } from './bell.ts'
export {
  type DeadDelivery,
  type OutboxDepth,
  type RoutedEvent,
  reviveDelivery,
  reviveEvent,
  selectDeadDeliveries,
  selectDepth,
} from './delivery.store.ts'
export {
  ClaimLostError,
  createDispatcher,
  type DeliveryContext,
  type Dispatcher,
  type DispatcherSettings,
  type OutboxEvent,
  type Relay,
  type Subscriber,
  type Subscribers,
} from './dispatcher.ts'
export { type Listener, type ListenSettings, listen } from './listener.ts'
export { notifyAtCommit } from './outbox.store.ts'
export { type AnyEvent, emit, type NewEvent, writeEvents } from './outbox.ts'
