export { type Journal, type JournalEntry, journal } from './journal.ts'
